package formbook

import (
	"embed"
	"io/fs"
	"sort"

	"chungtay/audit"
	"chungtay/formdef"
	"chungtay/internal/db"
	"chungtay/internal/ids"
	"chungtay/policy"
)

//go:embed forms/*.json
var shipped embed.FS

// Shipped returns the definitions that come with the program, by code.
func Shipped() map[string][]byte {
	out := map[string][]byte{}
	names, _ := fs.Glob(shipped, "forms/*.json")
	for _, n := range names {
		b, err := shipped.ReadFile(n)
		if err != nil {
			panic(err) // embedded files are there
		}
		out[n[len("forms/"):len(n)-len(".json")]] = b
	}
	return out
}

// Install publishes what comes with the program and is not there yet: at the first start all forms, after an upgrade the new versions of
// those that changed. Published versions stay as they are.
func Install(tx *db.Tx) error {
	by := policy.System("formbook")
	all := Shipped()
	codes := make([]string, 0, len(all))
	for c := range all {
		codes = append(codes, c)
	}
	sort.Strings(codes)
	for _, code := range codes {
		text := string(all[code])
		parsed, err := formdef.Parse(all[code])
		if err != nil {
			return err
		}
		f, ok, err := findFormByCode(tx, code)
		if err != nil {
			return err
		}
		if !ok {
			f = Form{ID: ids.New(tx.Now), Code: code, Title: parsed.Title.VI, Period: parsed.Period, CreatedAt: tx.Now, CreatedBy: by.Person}
			if err := insertForm(tx, f); err != nil {
				return err
			}
		} else if f.Unit != "" {
			continue // a unit took this code before it was shipped
		}
		if known, err := hasDigest(tx, f.ID, digest(text)); err != nil || known {
			if err != nil {
				return err
			}
			continue
		}
		last, _, err := newestOf(tx, f.ID)
		if err != nil {
			return err
		}
		v := Version{ID: ids.New(tx.Now), Form: f.ID, Number: last.Number + 1, State: Published, Definition: text, Digest: digest(text), Figures: len(parsed.Figures()),
			Edit: 1, MadeAt: tx.Now, MadeBy: by.Person, PublishedAt: tx.Now, PublishedBy: by.Person}
		if err := insertVersion(tx, v); err != nil {
			return err
		}
		if err := setTitle(tx, f.ID, parsed.Title.VI, parsed.Period, code); err != nil {
			return err
		}
		if err := audit.Log(tx, by, audit.By(Edit, f.Unit), audit.Deed{Action: "formbook.publish", Kind: "form", ID: f.ID, Change: audit.Change{"digest": {"", v.Digest}}}); err != nil {
			return err
		}
	}
	return nil
}
