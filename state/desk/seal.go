package desk

import (
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"

	"golang.org/x/crypto/chacha20poly1305"
)

// KeySize is the length of a sealing key in bytes.
const KeySize = 32

// NewKey is a new random sealing key, for the keyring or the vault.
func NewKey() []byte {
	key := make([]byte, KeySize)
	rand.Read(key) // never fails
	return key
}

// Seal closes rows with XChaCha20-Poly1305. A nil *Seal is "no key": nothing
// typed may reach the disk.
type Seal struct {
	aead  cipher.AEAD
	blind []byte // key of the hashes by which records are found
}

// NewSeal makes a Seal of a 32-byte key, which is not kept.
func NewSeal(key []byte) (*Seal, error) {
	if len(key) != KeySize {
		return nil, refuse("The key for drafts is damaged, so drafts stay in memory. Make a new one with frontdesk login.")
	}
	inner, err := hkdf.Key(sha256.New, key, nil, "frontdesk desk rows", KeySize)
	if err != nil {
		return nil, err
	}
	defer clear(inner)
	blind, err := hkdf.Key(sha256.New, key, nil, "frontdesk desk records", KeySize)
	if err != nil {
		return nil, err
	}
	aead, err := chacha20poly1305.NewX(inner)
	if err != nil {
		return nil, err
	}
	return &Seal{aead: aead, blind: blind}, nil
}

// place is where a sealed row lies. It is authenticated with the row, so that
// a row put elsewhere, or an older one put back under a newer version, does
// not open.
type place struct {
	table, id, kind, record string
	uid                     int
	version                 int64
}

// bytes joins the parts so that no two places have the same bytes.
func (p place) bytes() []byte {
	var b []byte
	for _, part := range []string{p.table, p.id, p.kind, p.record} {
		b = binary.AppendUvarint(b, uint64(len(part)))
		b = append(b, part...)
	}
	b = binary.AppendVarint(b, int64(p.uid))
	return binary.AppendVarint(b, p.version)
}

// close seals plain for one place; the nonce is in front.
func (s *Seal) close(p place, plain []byte) []byte {
	nonce := make([]byte, chacha20poly1305.NonceSizeX, chacha20poly1305.NonceSizeX+len(plain)+chacha20poly1305.Overhead)
	rand.Read(nonce) // never fails
	return s.aead.Seal(nonce, nonce, plain, p.bytes())
}

var errSealed = errors.New("the row does not open with this key")

// open is errSealed for another key, another place or any changed bit.
func (s *Seal) open(p place, sealed []byte) ([]byte, error) {
	if s == nil || len(sealed) < chacha20poly1305.NonceSizeX {
		return nil, errSealed
	}
	nonce, body := sealed[:chacha20poly1305.NonceSizeX], sealed[chacha20poly1305.NonceSizeX:]
	plain, err := s.aead.Open(nil, nonce, body, p.bytes())
	if err != nil {
		return nil, errSealed
	}
	return plain, nil
}

// hash is how a record is found again without being named in the row.
func (s *Seal) hash(kind, record string) string {
	return keyed(s.blind, kind, record)
}

// keyed is the hex HMAC-SHA256 of two parts.
func keyed(key []byte, a, b string) string {
	mac := hmac.New(sha256.New, key)
	mac.Write(binary.AppendUvarint(nil, uint64(len(a))))
	mac.Write([]byte(a))
	mac.Write([]byte(b))
	return hex.EncodeToString(mac.Sum(nil))
}

// Seal closes data of another book of this account for one place in it; the
// rows of the desk itself do not open there, nor the other way round.
func (s *Seal) Seal(plain []byte, at string) ([]byte, error) {
	return s.close(place{table: "book", id: at}, plain), nil
}

// Open gives back what Seal closed for the same place.
func (s *Seal) Open(sealed []byte, at string) ([]byte, error) {
	return s.open(place{table: "book", id: at}, sealed)
}
