package rest

import (
	"bytes"
	"cmp"
	"encoding/json"
	"maps"
	"mime/multipart"
	"net/textproto"
	"net/url"
	"slices"
	"strings"
)

// A Form is a Call.Body that is sent as a web form: form-urlencoded, or as
// multipart/form-data when it holds files.
type Form struct {
	Values url.Values
	Files  []File
}

// A File is a part of a Form. Type is its media type; application/octet-stream
// when empty.
type File struct {
	Field, Name, Type string
	Data              []byte
}

// packed writes a body and names its type. The words of a failure could quote
// a value, so they are not passed on.
func packed(body any) ([]byte, string, reason) {
	form, ok := body.(Form)
	switch {
	case body == nil:
		return nil, "", ""
	case ok && len(form.Files) == 0:
		return []byte(form.Values.Encode()), "application/x-www-form-urlencoded", ""
	case ok:
		return form.parts()
	}
	b, err := json.Marshal(body)
	if err != nil {
		return nil, "", badBody
	}
	return b, "application/json", ""
}

// parts writes the form as multipart/form-data, the values first and by name.
func (f Form) parts() ([]byte, string, reason) {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for _, name := range slices.Sorted(maps.Keys(f.Values)) {
		for _, v := range f.Values[name] {
			if w.WriteField(name, v) != nil {
				return nil, "", badBody
			}
		}
	}
	for _, file := range f.Files {
		if strings.ContainsAny(file.Type, "\r\n") { // would begin a header of its own
			return nil, "", badBody
		}
		part, err := w.CreatePart(textproto.MIMEHeader{
			"Content-Disposition": {multipart.FileContentDisposition(file.Field, file.Name)},
			"Content-Type":        {cmp.Or(file.Type, "application/octet-stream")},
		})
		if err == nil {
			_, err = part.Write(file.Data)
		}
		if err != nil {
			return nil, "", badBody
		}
	}
	if w.Close() != nil {
		return nil, "", badBody
	}
	return b.Bytes(), w.FormDataContentType(), ""
}
