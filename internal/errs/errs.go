// Package errs holds the few kinds of error the program knows. An operation returns one of them and never thinks of HTTP; one
// place (internal/web) turns a kind into an answer. An error has two texts: the person's, a catalogue key with arguments shown in
// the reader's language, and the log's, the wrapped chain.
package errs

import (
	"errors"
	"fmt"
	"strings"
)

// Kind says what sort of failure an error is. Everything not made by this package is Internal.
type Kind int

// The kinds. Withheld records answer NotFound, never Forbidden: Forbidden is for deeds, not for the existence of records.
const (
	Internal    Kind = iota
	Invalid          // what was sent cannot be accepted as it is; says what to do, at the field
	Forbidden        // the actor may not do this deed
	NotFound         // absent, or withheld from this actor
	Conflict         // somebody else changed the record meanwhile, or the state no longer allows the deed
	TooLarge         // a stated limit on size or count is exceeded
	Unavailable      // a part of the installation (database, files) is away; try again
	TooMany          // asked too often; try again later
)

// String returns the kind's name for logs and metrics.
func (k Kind) String() string {
	return [...]string{"internal", "invalid", "forbidden", "not_found", "conflict", "too_large", "unavailable", "too_many"}[k]
}

// Message is a catalogue key with its arguments; internal/i18n turns it into a sentence.
type Message struct {
	Key  string
	Args []any
}

// Field is one refused input: the name of the form field and the sentence that says what to do.
type Field struct {
	Name string
	Message
}

// Error is an error with a kind and a text for a person.
type Error struct {
	Kind   Kind
	Text   Message
	Fields []Field // for Invalid
	cause  error
}

// Error returns the text for the log: keys and cause, no personal data (arguments are left out).
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Kind.String())
	if e.Text.Key != "" {
		b.WriteString(" " + e.Text.Key)
	}
	for _, f := range e.Fields {
		b.WriteString(" " + f.Name + "=" + f.Key)
	}
	if e.cause != nil {
		b.WriteString(": " + e.cause.Error())
	}
	return b.String()
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.cause }

// New returns an error of a kind with a catalogue key for the person.
func New(kind Kind, key string, args ...any) *Error {
	return &Error{Kind: kind, Text: Message{key, args}}
}

// Wrap gives a cause a kind and a text for the person.
func Wrap(cause error, kind Kind, key string, args ...any) *Error {
	return &Error{Kind: kind, Text: Message{key, args}, cause: cause}
}

// AtField returns an Invalid error at one form field.
func AtField(field, key string, args ...any) *Error {
	return &Error{Kind: Invalid, Fields: []Field{{field, Message{key, args}}}}
}

// Absent returns a NotFound error; what and id go to the log only.
func Absent(what, id string) *Error {
	return &Error{Kind: NotFound, cause: fmt.Errorf("%s %q", what, id)}
}

// Of returns the kind of err: Internal for foreign errors. Of(nil) is Internal as well; ask only about failures.
func Of(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return Internal
}

// Is tells whether err is of the kind.
func Is(err error, k Kind) bool { return err != nil && Of(err) == k }

// TextOf returns the person's message of err, if it carries one.
func TextOf(err error) (Message, bool) {
	var e *Error
	if errors.As(err, &e) && e.Text.Key != "" {
		return e.Text, true
	}
	return Message{}, false
}

// FieldsOf returns the refused fields of err.
func FieldsOf(err error) []Field {
	var e *Error
	if errors.As(err, &e) {
		return e.Fields
	}
	return nil
}
