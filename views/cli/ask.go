package cli

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"
)

// inputLimit is the most that is read of what is piped in.
const inputLimit = 32 << 20

// agree wants a person's yes for a write: --yes, or the answer on the terminal.
func (r *run) agree(what string) error {
	if r.yes {
		return nil
	}
	answer, err := r.ask(what, " [y/N] ", "--yes")
	if err != nil {
		return err
	}
	if !strings.EqualFold(answer, "y") && !strings.EqualFold(answer, "yes") {
		return errDeclined
	}
	return nil
}

// typed wants the id of what is done for good: --confirm, or typed on the
// terminal.
func (r *run) typed(what, id string) error {
	given := r.confirm
	if given == "" {
		var err error
		given, err = r.ask(what+" This cannot be taken back.", " Type "+id+" to do it: ", "--confirm "+id)
		if err != nil {
			return err
		}
	}
	if given != id {
		return Usage(fmt.Errorf("that is not %s, so nothing was sent", id))
	}
	return nil
}

var errDeclined error = &declined{}

type declined struct{}

func (*declined) Error() string { return "declined" }

// UserMessage says that nothing happened.
func (*declined) UserMessage() string { return "Nothing was sent." }

// ask asks on the terminal. Without one it says what to give instead.
func (r *run) ask(what, how, instead string) (string, error) {
	tty, err := os.OpenFile("/dev/tty", os.O_RDWR, 0)
	if !r.tty || err != nil {
		return "", Usage(fmt.Errorf("%s There is no terminal to ask on: add %s", what, instead))
	}
	defer func() { _ = tty.Close() }()
	_, _ = io.WriteString(tty, what+how)
	answer := make(chan string, 1)
	go func() { // left behind when the person ends the program instead
		line, _ := bufio.NewReader(tty).ReadString('\n')
		answer <- strings.TrimSpace(line)
	}()
	select {
	case <-r.ctx.Done():
		return "", r.ctx.Err()
	case a := <-answer:
		return a, nil
	}
}

// input is what -F names: the standard input or a file.
func (r *run) input() ([]byte, error) {
	in := r.in
	if r.from != "-" {
		f, err := os.Open(r.from)
		if err != nil {
			return nil, Usage(fmt.Errorf("the file of -F, %q, cannot be opened: %w", r.from, errors.Unwrap(err)))
		}
		defer func() { _ = f.Close() }()
		in = f
	}
	data, err := io.ReadAll(io.LimitReader(in, inputLimit+1))
	if err == nil && len(data) > inputLimit {
		err = Usage(errors.New("what -F brings is longer than 32 MiB"))
	}
	return data, err
}

// words is a text: what -F brings, or the arguments.
func (r *run) words(args []string) (string, error) {
	if r.from == "" {
		return strings.Join(args, " "), nil
	}
	if len(args) > 0 {
		return "", Usage(errors.New("give the text with -F or as an argument, not both"))
	}
	data, err := r.input()
	return strings.TrimSpace(string(data)), err
}

// values are the fields of a record: -F brings one JSON object or name=value
// lines, --set adds to them and wins.
func (r *run) values(sets []string) (map[string]string, error) {
	all := map[string]string{}
	if r.from != "" {
		data, err := r.input()
		if err != nil {
			return nil, err
		}
		if all, err = pairs(data); err != nil {
			return nil, err
		}
	}
	for _, s := range sets {
		name, value, ok := strings.Cut(s, "=")
		if !ok {
			return nil, Usage(errors.New("--set wants Name=value"))
		}
		all[name] = value
	}
	if len(all) == 0 {
		return nil, Usage(errors.New("nothing to send: give fields with -F - (JSON or Name=value lines) or --set Name=value"))
	}
	return all, nil
}

// pairs reads one JSON object of plain values, or name=value lines. Errors
// quote nothing of it.
func pairs(data []byte) (map[string]string, error) {
	all := map[string]string{}
	if text := bytes.TrimSpace(data); len(text) > 0 && text[0] == '{' {
		var object map[string]any
		dec := json.NewDecoder(bytes.NewReader(text))
		dec.UseNumber()
		if err := dec.Decode(&object); err != nil {
			return nil, Usage(errors.New("what -F brings is not one JSON object"))
		}
		if err := alone(dec); err != nil {
			return nil, err
		}
		for name, v := range object {
			switch v := v.(type) {
			case nil:
				all[name] = ""
			case string, json.Number, bool:
				all[name] = fmt.Sprint(v)
			default:
				return nil, Usage(errors.New("every value of the JSON object has to be a text, a number, true, false or null"))
			}
		}
		return all, nil
	}
	for i, line := range strings.Split(string(data), "\n") {
		line = strings.TrimSuffix(line, "\r")
		if strings.TrimSpace(line) == "" || strings.HasPrefix(line, "#") {
			continue
		}
		name, value, ok := strings.Cut(line, "=")
		if !ok {
			return nil, Usage(fmt.Errorf("line %d of what -F brings is not Name=value", i+1))
		}
		if _, twice := all[strings.TrimSpace(name)]; twice {
			return nil, Usage(fmt.Errorf("line %d of what -F brings names a field for the second time", i+1))
		}
		all[strings.TrimSpace(name)] = value
	}
	return all, nil
}

// decode reads what -F brings as one JSON value with no names but T's. Errors
// quote nothing of it.
func decode[T any](r *run) (T, error) {
	var v T
	if r.from == "" {
		return v, Usage(errors.New("give what is to be sent as JSON with -F -; --help shows its shape"))
	}
	data, err := r.input()
	if err != nil {
		return v, err
	}
	return v, unmarshal(data, &v)
}

// unmarshal is strict about names. Errors quote no value.
func unmarshal(data []byte, v any) error {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	err := dec.Decode(v)
	if err == nil {
		return alone(dec)
	}
	if name, ok := strings.CutPrefix(err.Error(), "json: unknown field "); ok {
		return Usage(fmt.Errorf("the JSON of -F has a name that is not known: %s", name))
	}
	return Usage(errors.New(misshaped(err)))
}

// alone refuses what follows the value that was read: it would be lost.
func alone(dec *json.Decoder) error {
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return Usage(errors.New("what -F brings goes on after its JSON value, and only one is taken at a time"))
	}
	return nil
}

// misshaped says what is wrong with JSON, by the name of what it is about, and
// quotes no value.
func misshaped(err error) string {
	var kind *json.UnmarshalTypeError
	var text *json.SyntaxError
	var day *time.ParseError
	switch {
	case errors.As(err, &kind) && kind.Field != "":
		return "the JSON of -F has another kind of value for " + kind.Field + " than --help shows"
	case errors.As(err, &day):
		return "the JSON of -F has a day that does not exist or is not written YYYY-MM-DD"
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return "what -F brings is not JSON: it ends too early"
	case errors.As(err, &text):
		return fmt.Sprintf("what -F brings is not JSON: look at its character %d", text.Offset)
	}
	return "the JSON of -F does not have the shape that --help shows"
}
