package report

import (
	"chungtay/formdef"
	"chungtay/internal/web"
)

// Nav is this room's entry of the navigation.
var Nav = []web.Nav{{Key: "report.title", Path: "/reports", Needs: Read}}

// Limits of forms: a report of 2,000 fields with its reasons, and files sent without scripts.
const (
	maxForm   = 4 << 20
	maxUpload = 64 << 20
)

// A form that may be published can be sent with what stands around it; this does not compile otherwise.
const _ uint = web.MaxFields - formdef.MaxInputs - 100

// Routes of this room.
func (c *Reports) Routes() []web.Route {
	return []web.Route{
		{Pattern: "GET /reports", Needs: Read, Page: c.pageList},
		{Pattern: "GET /reports.xlsx", Needs: Read, Page: c.sheetList},
		{Pattern: "GET /reports/{id}", Needs: Read, Page: c.pageShow},
		{Pattern: "POST /reports/{id}/start", Needs: Write, Page: c.doStart},
		{Pattern: "GET /reports/{id}/edit", Needs: Write, Page: c.pageEdit},
		{Pattern: "POST /reports/{id}/edit", Needs: Write, Page: c.doEdit, MaxBody: maxForm},
		{Pattern: "POST /reports/{id}/autosave", Needs: Write, Page: c.doAutosave, MaxBody: maxForm},
		{Pattern: "POST /reports/{id}/refill", Needs: Write, Page: c.doRefill},
		{Pattern: "POST /reports/{id}/nothing", Needs: Write, Page: c.doNothing},
		{Pattern: "POST /reports/{id}/submit", Needs: Write, Page: c.doSubmit},
		{Pattern: "POST /reports/{id}/take-back", Needs: Write, Page: c.doTakeBack},
		{Pattern: "POST /reports/{id}/files", Needs: Write, Page: c.doAttach, MaxBody: maxUpload},
		{Pattern: "POST /reports/{id}/files/{file}/drop", Needs: Write, Page: c.doDetach},
		{Pattern: "GET /reports/{id}/files/{file}", Needs: Read, Page: c.file},
		{Pattern: "POST /reports/{id}/comment", Needs: Read, Page: c.doComment},
		{Pattern: "POST /reports/{id}/verdict", Needs: Approve, Page: c.doVerdict, MaxBody: maxForm},
		{Pattern: "POST /reports/{id}/unlock", Needs: Approve, Page: c.doUnlock},
		{Pattern: "POST /reports/{id}/extend", Needs: Approve, Page: c.doExtend},
		{Pattern: "GET /reports/{id}/versions", Needs: Read, Page: c.pageVersions},
		{Pattern: "GET /reports/{id}/paper", Needs: Read, Page: c.pagePaper},
		{Pattern: "GET /reports/{id}/paper.docx", Needs: Read, Page: c.fileDOCX},
		{Pattern: "GET /reports/{id}/paper.pdf", Needs: Read, Page: c.filePDF},
		{Pattern: "GET /reports/{id}/figures.xlsx", Needs: Read, Page: c.sheetReport},
		{Pattern: "GET /reports/{id}/figures.csv", Needs: Read, Page: c.csvReport},
		{Pattern: "GET /reports/{id}/data.json", Needs: Read, Page: c.jsonReport},

		{Pattern: "GET /requests", Needs: Request, Page: c.pageRequests},
		{Pattern: "GET /requests/new", Needs: Request, Page: c.pageNew},
		{Pattern: "POST /requests/new", Needs: Request, Page: c.doNew},
		{Pattern: "GET /requests/{id}", Needs: Read, Page: c.pageProgress},
		{Pattern: "GET /requests/{id}/units.xlsx", Needs: Read, Page: c.sheetProgress},
		{Pattern: "GET /requests/{id}/matrix", Needs: Read, Page: c.pageMatrix},
		{Pattern: "GET /requests/{id}/matrix.xlsx", Needs: Read, Page: c.sheetMatrix},
		{Pattern: "GET /requests/{id}/matrix.csv", Needs: Read, Page: c.csvMatrix},
		{Pattern: "GET /requests/{id}/data.json", Needs: Read, Page: c.jsonMatrix},
		{Pattern: "GET /requests/{id}/narrative", Needs: Read, Page: c.pageNarrative},
		{Pattern: "GET /requests/{id}/narrative/{cell}", Needs: Approve, Page: c.pageGather},
		{Pattern: "POST /requests/{id}/narrative/{cell}", Needs: Approve, Page: c.doGather, MaxBody: maxForm},
		{Pattern: "POST /requests/{id}/freeze", Needs: Approve, Page: c.doFreeze},
		{Pattern: "POST /requests/{id}/close", Needs: Approve, Page: c.doClose},
		{Pattern: "POST /requests/{id}/chase", Needs: Approve, Page: c.doChase},

		{Pattern: "GET /requests/{id}/letters/{letter}", Needs: Read, Page: c.pageLetter},
		{Pattern: "GET /requests/{id}/letters/{letter}/paper.docx", Needs: Read, Page: c.letterFile("docx")},
		{Pattern: "GET /requests/{id}/letters/{letter}/paper.pdf", Needs: Read, Page: c.letterFile("pdf")},
		{Pattern: "GET /requests/{id}/summary", Needs: Read, Page: c.pageSummary},
		{Pattern: "GET /requests/{id}/summary/paper.docx", Needs: Read, Page: c.summaryFile("docx")},
		{Pattern: "GET /requests/{id}/summary/paper.pdf", Needs: Read, Page: c.summaryFile("pdf")},
		{Pattern: "GET /requests/{id}/news", Needs: Read, Page: c.pageNews},
		{Pattern: "POST /requests/{id}/news", Needs: Read, Page: c.doNews},

		{Pattern: "GET /compare", Needs: Read, Page: c.pageCompare},
		{Pattern: "GET /compare.xlsx", Needs: Read, Page: c.compareSheet(".xlsx")},
		{Pattern: "GET /compare.csv", Needs: Read, Page: c.compareSheet(".csv")},

		{Pattern: "GET /schedules", Needs: Request, Page: c.pageSchedules},
		{Pattern: "POST /schedules", Needs: Request, Page: c.doSchedule},
		{Pattern: "POST /schedules/{id}/pause", Needs: Request, Page: c.doPause},
	}
}
