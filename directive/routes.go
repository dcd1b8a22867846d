package directive

import "chungtay/internal/web"

// Nav is this room's entry of the navigation.
var Nav = []web.Nav{{Key: "directive.title", Path: "/directives", Needs: Read}}

// Routes of this room.
func (c *Directives) Routes() []web.Route {
	return []web.Route{
		{Pattern: "GET /directives", Needs: Read, Page: c.pageList},
		{Pattern: "GET /directives.xlsx", Needs: Read, Page: c.sheetList},
		{Pattern: "GET /directives/new", Needs: Write, Page: c.pageNew},
		{Pattern: "POST /directives/new", Needs: Write, Page: c.doNew},
		{Pattern: "GET /directives/{id}/events", Needs: Read, Page: c.events},
		{Pattern: "GET /directives/{id}", Needs: Read, Page: c.pageShow},
		{Pattern: "GET /directives/{id}/edit", Needs: Write, Page: c.pageEdit},
		{Pattern: "POST /directives/{id}/edit", Needs: Write, Page: c.doEdit},
		{Pattern: "POST /directives/{id}/autosave", Needs: Write, Page: c.doAutosave},
		{Pattern: "POST /directives/{id}/drop", Needs: Write, Page: c.doDrop},
		{Pattern: "POST /directives/{id}/comment", Needs: Read, Page: c.doComment},
		{Pattern: "GET /directives/{id}/paper", Needs: Read, Page: c.pagePaper},
		{Pattern: "GET /directives/{id}/paper.docx", Needs: Read, Page: c.fileDOCX},
		{Pattern: "GET /directives/{id}/paper.pdf", Needs: Read, Page: c.filePDF},
		{Pattern: "POST /directives/{id}/submit", Needs: Write, Page: c.doSubmit},
		{Pattern: "POST /directives/{id}/take-back", Needs: Write, Page: c.doTakeBack},
		{Pattern: "POST /directives/{id}/sign", Needs: Sign, Page: c.doSign},
		{Pattern: "POST /directives/{id}/return", Needs: Sign, Page: c.doReturn},
		{Pattern: "GET /directives/{id}/issue", Needs: Issue, Page: c.pageIssue},
		{Pattern: "POST /directives/{id}/issue", Needs: Issue, Page: c.doIssue},
		{Pattern: "POST /directives/{id}/recall", Needs: Issue, Page: c.doRecall},
		{Pattern: "POST /directives/{id}/replace", Needs: Write, Page: c.doReplace},
		{Pattern: "POST /directives/{id}/complete", Needs: Write, Page: c.doComplete},
		{Pattern: "POST /directives/{id}/receive", Needs: Read, Page: c.doReceive},
		{Pattern: "POST /directives/{id}/cascade", Needs: Write, Page: c.doCascade},
		{Pattern: "POST /directives/{id}/readers", Needs: Read, Page: c.doReaders},
		{Pattern: "POST /directives/{id}/read", Needs: Read, Page: c.doRead},
		{Pattern: "GET /directives/{id}/units", Needs: Read, Page: c.pageUnits},
		{Pattern: "GET /directives/{id}/units.xlsx", Needs: Read, Page: c.sheetUnits},
		{Pattern: "GET /directives/{id}/tree", Needs: Read, Page: c.pageTree},
	}
}
