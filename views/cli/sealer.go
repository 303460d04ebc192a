package cli

import (
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"path/filepath"

	"golang.org/x/crypto/chacha20poly1305"

	"frontdesk/state/enroll"
)

// EnrollFile is the enrolment book of a profile's folder.
func EnrollFile(state string) string { return filepath.Join(state, "enroll.db") }

// Sealer closes the enrolment book's personal data under a profile's key, by
// XChaCha20-Poly1305; nil without a key, so that nothing personal reaches the
// disk.
func Sealer(k Keys) (enroll.Sealer, error) {
	if len(k.Seal) == 0 {
		return nil, nil
	}
	inner, err := hkdf.Key(sha256.New, k.Seal, nil, "frontdesk enrolment book", chacha20poly1305.KeySize)
	if err != nil {
		return nil, err
	}
	defer clear(inner)
	aead, err := chacha20poly1305.NewX(inner)
	if err != nil {
		return nil, err
	}
	return sealer{aead}, nil
}

type sealer struct{ aead cipher.AEAD }

var errOtherKey = errors.New("the record does not open with this key")

// Seal closes plain for one place; the nonce is in front.
func (s sealer) Seal(plain []byte, place string) ([]byte, error) {
	nonce := make([]byte, chacha20poly1305.NonceSizeX, chacha20poly1305.NonceSizeX+len(plain)+chacha20poly1305.Overhead)
	rand.Read(nonce) // never fails
	return s.aead.Seal(nonce, nonce, plain, []byte(place)), nil
}

// Open fails for another key, another place or any changed bit.
func (s sealer) Open(sealed []byte, place string) ([]byte, error) {
	if len(sealed) < chacha20poly1305.NonceSizeX {
		return nil, errOtherKey
	}
	plain, err := s.aead.Open(nil, sealed[:chacha20poly1305.NonceSizeX], sealed[chacha20poly1305.NonceSizeX:], []byte(place))
	if err != nil {
		return nil, errOtherKey
	}
	return plain, nil
}
