package formbook

import (
	"embed"

	"chungtay/internal/web"
)

// Text is the wording of this room.
//
//go:embed text.vi.toml text.en.toml
var Text embed.FS

// Nav is this room's entry of the navigation.
var Nav = []web.Nav{{Key: "formbook.title", Path: "/forms", Needs: Read}}

// maxDefinition bounds a definition sent as a form; the text of a definition is percent-encoded there.
const maxDefinition = 4 << 20

// Routes of this room.
func (b *Books) Routes() []web.Route {
	return []web.Route{
		{Pattern: "GET /forms", Needs: Read, Page: b.pageList},
		{Pattern: "GET /forms/new", Needs: Edit, Page: b.pageNew},
		{Pattern: "POST /forms/new", Needs: Edit, Page: b.doNew, MaxBody: maxDefinition},
		{Pattern: "GET /forms/{version}", Needs: Read, Page: b.pageShow},
		{Pattern: "GET /forms/{version}/try", Needs: Read, Page: b.pageTry},
		{Pattern: "POST /forms/{version}/try", Needs: Read, Page: b.doTry},
		{Pattern: "GET /forms/{version}/json", Needs: Read, Page: b.download},
		{Pattern: "POST /forms/{version}/amend", Needs: Edit, Page: b.doAmend},
		{Pattern: "GET /forms/{version}/edit", Needs: Edit, Page: b.pageEdit},
		{Pattern: "POST /forms/{version}/edit", Needs: Edit, Page: b.doEdit},
		{Pattern: "GET /forms/{version}/item", Needs: Edit, Page: b.pageItem},
		{Pattern: "POST /forms/{version}/item", Needs: Edit, Page: b.doItem},
		{Pattern: "GET /forms/{version}/text", Needs: Edit, Page: b.pageText},
		{Pattern: "POST /forms/{version}/text", Needs: Edit, Page: b.doText, MaxBody: maxDefinition},
		{Pattern: "POST /forms/{version}/publish", Needs: Edit, Page: b.doPublish},
		{Pattern: "POST /forms/{version}/close", Needs: Edit, Page: b.doClose},
		{Pattern: "POST /forms/{version}/discard", Needs: Edit, Page: b.doDiscard},
	}
}
