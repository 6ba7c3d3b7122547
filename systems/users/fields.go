package users

import (
	"encoding/json"
	"net/http"
	"unicode/utf8"
)

// fields are what a body says of a user; nil is what it does not say.
type fields struct {
	name, email *string
	age         *int
}

// parseFields reads a body. It must be an object; what it holds besides is
// left alone, as in the document.
func parseFields(body []byte) (fields, error) {
	var f fields
	var object map[string]json.RawMessage
	// The decoder takes any byte for text, and null for an object.
	if !utf8.Valid(body) || json.Unmarshal(body, &object) != nil || object == nil {
		return f, refusal{http.StatusBadRequest, "Invalid JSON"}
	}
	for name, to := range map[string]any{"name": &f.name, "email": &f.email, "age": &f.age} {
		text, there := object[name]
		if there && (string(text) == "null" || json.Unmarshal(text, to) != nil) {
			return f, refusal{http.StatusBadRequest, "Invalid fields: name and email are texts, age is a whole number"}
		}
	}
	if f.age != nil && *f.age < 0 {
		return f, refusal{http.StatusBadRequest, "Invalid fields: age is negative"}
	}
	return f, nil
}

// whole reports whether nothing is missing.
func (f fields) whole() bool { return f.name != nil && f.email != nil && f.age != nil }

// of is a user with the fields put in.
func (f fields) of(u user) user {
	if f.name != nil {
		u.Name = *f.name
	}
	if f.email != nil {
		u.Email = *f.email
	}
	if f.age != nil {
		u.Age = *f.age
	}
	return u
}
