package doctext

import (
	"errors"
	"fmt"

	"chungtay/internal/errs"
)

// The reasons for which a file is not read. Ask with errors.Is; errs.TextOf gives the sentence that says what to do.
var (
	ErrTooBig   = errors.New("file too big")
	ErrBomb     = errors.New("file unpacks to far more than it holds")
	ErrPassword = errors.New("file is protected by a password")
	ErrOldWord  = errors.New("Word 97-2003 file")
	ErrUnread   = errors.New("type recognised but not read")
	ErrUnknown  = errors.New("type not recognised")
	ErrDamaged  = errors.New("file is damaged or cut off")
	ErrEmpty    = errors.New("file is empty")
	ErrNoText   = errors.New("nothing to read in the file")
	ErrNoOCR    = errors.New("text recognition is not installed")
	ErrTimeout  = errors.New("reading took too long")
	ErrLong     = errors.New("too much text or too many pages")
	ErrConvert  = errors.New("LibreOffice did not convert the file")
)

// sentences gives each reason its kind and its key in the catalogue of words.
var sentences = map[error]struct {
	kind errs.Kind
	key  string
}{
	ErrTooBig:   {errs.TooLarge, "doctext.error.too-big"},
	ErrBomb:     {errs.TooLarge, "doctext.error.bomb"},
	ErrPassword: {errs.Invalid, "doctext.error.password"},
	ErrOldWord:  {errs.Invalid, "doctext.error.old-word"},
	ErrUnread:   {errs.Invalid, "doctext.error.unread"},
	ErrUnknown:  {errs.Invalid, "doctext.error.unknown"},
	ErrDamaged:  {errs.Invalid, "doctext.error.damaged"},
	ErrEmpty:    {errs.Invalid, "doctext.error.empty"},
	ErrNoText:   {errs.Invalid, "doctext.error.no-text"},
	ErrNoOCR:    {errs.Unavailable, "doctext.error.no-ocr"},
	ErrTimeout:  {errs.TooLarge, "doctext.error.timeout"},
	ErrLong:     {errs.TooLarge, "doctext.error.long"},
	ErrConvert:  {errs.Unavailable, "doctext.error.convert"},
}

// refuse returns the error of a reason with its sentence.
func refuse(reason error, args ...any) error {
	s := sentences[reason]
	return errs.Wrap(reason, s.kind, s.key, args...)
}

// broken returns ErrDamaged with its cause for the log; an error that already is one of ours stays as it is.
func broken(cause error) error {
	var own *errs.Error
	if errors.As(cause, &own) {
		return cause
	}
	return errorFor(ErrDamaged, cause)
}

// errorFor returns the error of a reason with its sentence and its cause for the log.
func errorFor(reason, cause error) error {
	s := sentences[reason]
	return errs.Wrap(fmt.Errorf("%w: %w", reason, cause), s.kind, s.key)
}
