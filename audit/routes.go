package audit

import (
	"embed"

	"golang.org/x/mod/sumdb/note"

	"chungtay/internal/web"
	"chungtay/policy"
)

// Text is the wording of this room.
//
//go:embed text.vi.toml text.en.toml
var Text embed.FS

// Reader shows the log to auditors. It changes nothing but notes down what was taken out of it.
type Reader struct {
	Book  policy.Book
	Names Directory
	Key   func() (note.Verifier, error) // checks the heads; for their page
}

// Routes of this room.
func (c *Reader) Routes() []web.Route {
	return []web.Route{
		{Pattern: "GET /audit", Needs: Read, Page: c.pageList},
		{Pattern: "GET /audit/{id}", Needs: Read, Page: c.pageShow},
		{Pattern: "POST /audit/export", Needs: Read, Page: c.doExport},
		{Pattern: "GET /audit/heads", Needs: Read, Page: c.pageHeads},
		{Pattern: "GET /audit/heads/{size}", Needs: Read, Page: c.downloadHead},
	}
}

// Nav is this room's entry of the navigation.
var Nav = []web.Nav{{Key: "audit.title", Path: "/audit", Needs: Read}}
