package prospects

import (
	"encoding/binary"
	"strings"
)

// pack puts texts one after the other, each behind its length: whatever bytes
// they hold, unpacking gives them back.
func pack(texts ...string) string {
	size := 0
	for _, t := range texts {
		size += len(binary.AppendUvarint(nil, uint64(len(t)))) + len(t)
	}
	var b strings.Builder
	b.Grow(size)
	for _, t := range texts {
		b.Write(binary.AppendUvarint(nil, uint64(len(t))))
		b.WriteString(t)
	}
	return b.String()
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
