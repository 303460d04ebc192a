package prospects

import "encoding/binary"

// pack puts texts one after the other, each behind its length: whatever bytes
// they hold, unpacking gives them back.
func pack(texts ...string) string { return string(appendPack(nil, texts...)) }

func appendPack(b []byte, texts ...string) []byte {
	for _, t := range texts {
		b = append(binary.AppendUvarint(b, uint64(len(t))), t...)
	}
	return b
}

// unpack takes the first text off a pack. It copies nothing.
func unpack(packed string) (first, rest string) {
	size, head := 0, 0
	for shift := 0; ; shift += 7 {
		c := packed[head]
		head++
		size |= int(c&0x7f) << shift
		if c < 0x80 {
			return packed[head : head+size], packed[head+size:]
		}
	}
}

// nth is the text at a place of a pack.
func nth(packed string, place int) string {
	first, rest := unpack(packed)
	for range place {
		first, rest = unpack(rest)
	}
	return first
}
