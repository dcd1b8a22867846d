package ui

// Form is what a form of internal/web tells about its fields.
type Form interface {
	Raw(name string) string
	RawAll(name string) []string
	Label(name string) string
	Hint(name string) string
	Error(name string) string
	EachError(func(field, text string))
}

// Of returns a field of a form as it is shown: label and hint from the catalogue, what was typed, the refusal.
func Of(f Form, name string) Field {
	return Field{Name: name, Label: f.Label(name), Hint: f.Hint(name), Value: f.Raw(name), Values: f.RawAll(name), Error: f.Error(name)}
}

// Maybe marks a field that may stay empty.
func (f Field) Maybe() Field { f.Optional = true; return f }

// Narrow sets the width of a field: w-4, w-10 or w-20.
func (f Field) Narrow(class string) Field { f.Width = class; return f }

// From sets the choices of a field.
func (f Field) From(options []Option) Field { f.Options = options; return f }

// As sets the type of an input and what browsers may fill in.
func (f Field) As(typ, auto string) Field { f.Type, f.Auto = typ, auto; return f }

// Digits asks phones for the number keys.
func (f Field) Digits() Field { f.InputMode = "numeric"; return f }

// Limit sets how many characters fit and shows how many are left.
func (f Field) Limit(n int) Field { f.Max = n; return f }

// DayOf shows a date of a form in its three fields.
func DayOf(f Form, name string) (field Field, day, month, year string) {
	return Of(f, name), f.Raw(name + ".day"), f.Raw(name + ".month"), f.Raw(name + ".year")
}

// Refused lists the errors of a form for the summary above it.
func Refused(f Form) []Err {
	var out []Err
	f.EachError(func(field, text string) { out = append(out, Err{field, text}) })
	return out
}
