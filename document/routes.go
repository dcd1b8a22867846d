package document

import (
	"embed"

	"chungtay/internal/web"
)

// Words is the wording of this room.
//
//go:embed text.vi.toml text.en.toml
var Words embed.FS

// Nav is this room's entry of the navigation.
var Nav = []web.Nav{{Key: "document.title", Path: "/documents", Needs: Read}}

// maxUpload bounds a form with files sent without scripts; with them files go piece by piece, up to the installation's own limit.
const maxUpload = 128 << 20

// Routes of this room.
func (c *Documents) Routes() []web.Route {
	return []web.Route{
		{Pattern: "GET /documents", Needs: Read, Page: c.pageList},
		{Pattern: "GET /documents/waiting", Needs: Register, Page: c.pageWaiting},
		{Pattern: "GET /documents/new", Needs: Register, Page: c.pageNew},
		{Pattern: "POST /documents/new", Needs: Register, Page: c.doNew, MaxBody: maxUpload},
		{Pattern: "GET /documents/issue", Needs: Issue, Page: c.pageIssue},
		{Pattern: "POST /documents/issue", Needs: Issue, Page: c.doIssue, MaxBody: maxUpload},
		{Pattern: "GET /documents/refused", Needs: Register, Page: c.pageRefused},
		{Pattern: "GET /documents/{id}", Needs: Read, Page: c.pageShow},
		{Pattern: "GET /documents/{id}/events", Needs: Read, Page: c.events},
		{Pattern: "GET /documents/{id}/enter", Needs: Register, Page: c.pageEnter},
		{Pattern: "POST /documents/{id}/enter", Needs: Register, Page: c.doEnter},
		{Pattern: "POST /documents/{id}/refuse", Needs: Register, Page: c.doRefuse},
		{Pattern: "POST /documents/{id}/return", Needs: Register, Page: c.doReturn},
		{Pattern: "GET /documents/{id}/edit", Needs: Read, Page: c.pageEdit},
		{Pattern: "POST /documents/{id}/edit", Needs: Read, Page: c.doEdit},
		{Pattern: "GET /documents/{id}/pass", Needs: Register, Page: c.pagePass},
		{Pattern: "POST /documents/{id}/pass", Needs: Register, Page: c.doPass},
		{Pattern: "POST /documents/{id}/take", Needs: Read, Page: c.doTake},
		{Pattern: "POST /documents/{id}/follow", Needs: Read, Page: c.doFollow},
		{Pattern: "POST /documents/{id}/reread", Needs: Read, Page: c.doReread},
		{Pattern: "POST /documents/{id}/files", Needs: Read, Page: c.doAttach, MaxBody: maxUpload},
		{Pattern: "GET /documents/{id}/files/{file}", Needs: Read, Page: c.file},
		{Pattern: "POST /documents/{id}/links", Needs: Read, Page: c.doLink},
		{Pattern: "POST /documents/{id}/links/{link}/drop", Needs: Read, Page: c.doUnlink},
		{Pattern: "GET /documents/{id}/slip.docx", Needs: Read, Page: c.docxSlip},
		{Pattern: "GET /documents/{id}/slip.pdf", Needs: Read, Page: c.pdfSlip},
		{Pattern: "GET /documents/{id}/units", Needs: Read, Page: c.pageUnits},
		{Pattern: "POST /documents/{id}/withdraw", Needs: Issue, Page: c.doWithdraw},

		{Pattern: "GET /registers", Needs: Read, Page: c.pageRegisters},
		{Pattern: "POST /registers", Needs: Read, Page: c.doAddRegister},
		{Pattern: "POST /registers/begin", Needs: Issue, Page: c.doBegin},
		{Pattern: "GET /registers/{book}", Needs: Read, Page: c.pageBook},
		{Pattern: "GET /registers/{book}/xlsx", Needs: Read, Page: c.sheetBook},
		{Pattern: "GET /registers/{book}/docx", Needs: Read, Page: c.docxBook},
		{Pattern: "GET /registers/{book}/pdf", Needs: Read, Page: c.pdfBook},

		{Pattern: "GET /legal", Needs: Read, Page: c.pageLegal},
	}
}
