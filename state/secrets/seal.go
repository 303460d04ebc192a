package secrets

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"

	"filippo.io/age"
)

// How much work a passphrase costs: 2^17 takes about 0.4 s. A file that asks
// for more than 2^20 is refused, not tried for minutes.
var workFactor = 17

const mostWork = 20

// largestVault is far more than all vendors of many profiles need.
const largestVault = 1 << 20

// content is the JSON inside the seal.
type content struct {
	Version int                          `json:"version"`
	Items   map[string]map[string]string `json:"items"` // "<profile>/<vendor>" to secrets
}

func seal(items map[string]Bundle, pass []byte) ([]byte, error) {
	c := content{Version: 1, Items: map[string]map[string]string{}}
	for item, b := range items {
		c.Items[item] = b
	}
	plain, err := json.Marshal(c)
	if err != nil {
		return nil, ErrUnreadable
	}
	defer clear(plain)
	return encrypt(plain, pass)
}

func encrypt(plain, pass []byte) ([]byte, error) {
	to, err := age.NewScryptRecipient(string(pass))
	if err != nil {
		return nil, ErrShort
	}
	to.SetWorkFactor(workFactor)
	var out bytes.Buffer
	w, err := age.Encrypt(&out, to)
	if err == nil {
		_, err = w.Write(plain)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		return nil, &Error{words: "The vault cannot be sealed, so nothing was saved", cause: err}
	}
	return out.Bytes(), nil
}

func unseal(sealed, pass []byte) (map[string]Bundle, error) {
	from, err := age.NewScryptIdentity(string(pass))
	if err != nil { // empty
		return nil, ErrWrongPassphrase
	}
	from.SetMaxWorkFactor(mostWork)
	r, err := age.Decrypt(bytes.NewReader(sealed), from)
	if errors.Is(err, age.ErrIncorrectIdentity) {
		return nil, ErrWrongPassphrase
	}
	if err != nil {
		return nil, ErrDamaged
	}
	plain, err := io.ReadAll(r)
	defer clear(plain)
	var c content
	if err != nil || json.Unmarshal(plain, &c) != nil {
		return nil, ErrDamaged
	}
	if c.Version != 1 {
		return nil, &Error{words: "The vault was written by a newer frontdesk. Use that version to open it"}
	}
	items := make(map[string]Bundle, len(c.Items))
	for item, secrets := range c.Items {
		items[item] = secrets
	}
	return items, nil
}
