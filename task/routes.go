package task

import (
	"chungtay/internal/web"
	"chungtay/policy"
)

// Nav is this room's entry of the navigation.
var Nav = []web.Nav{{Key: "task.title", Path: "/tasks", Needs: Read}}

// maxUpload bounds a form with evidence sent without scripts.
const maxUpload = 64 << 20

// Routes of this room.
func (c *Tasks) Routes() []web.Route {
	return []web.Route{
		{Pattern: "GET /tasks", Needs: Read, Page: c.pageList},
		{Pattern: "GET /tasks.xlsx", Needs: Read, Page: c.sheetList},
		{Pattern: "GET /tasks/units", Needs: Read, Page: c.pageUnits},
		{Pattern: "GET /tasks/units.xlsx", Needs: Read, Page: c.sheetUnits},
		{Pattern: "GET /tasks/calendar", Needs: Read, Page: c.pageCalendar},
		{Pattern: "POST /calendar/feeds", Needs: Read, Page: c.openFeed},
		{Pattern: "POST /calendar/feeds/{id}/close", Needs: Read, Page: c.closeFeed},
		{Pattern: "GET /calendar/{secret}", Needs: policy.Public, Page: c.feed},
		{Pattern: "GET /calendar/holidays", Needs: Manage, Page: c.pageHolidays},
		{Pattern: "POST /calendar/holidays", Needs: Manage, Page: c.doHoliday},
		{Pattern: "POST /calendar/holidays/{day}/drop", Needs: Manage, Page: c.dropHoliday},

		{Pattern: "GET /tasks/new", Needs: Assign, Page: c.pageNew},
		{Pattern: "POST /tasks/new", Needs: Assign, Page: c.doNew},
		{Pattern: "GET /tasks/{id}", Needs: Read, Page: c.pageShow},
		{Pattern: "POST /tasks/{id}/start", Needs: Work, Page: c.doStart},
		{Pattern: "POST /tasks/{id}/note", Needs: Read, Page: c.doNote},
		{Pattern: "POST /tasks/{id}/evidence", Needs: Work, Page: c.doAttach, MaxBody: maxUpload},
		{Pattern: "POST /tasks/{id}/evidence/{file}/drop", Needs: Work, Page: c.doDetach},
		{Pattern: "GET /tasks/{id}/evidence/{file}", Needs: Read, Page: c.file},
		{Pattern: "POST /tasks/{id}/submit", Needs: Work, Page: c.doSubmit},
		{Pattern: "POST /tasks/{id}/accept", Needs: Accept, Page: c.doAnswer},
		{Pattern: "POST /tasks/{id}/cancel", Needs: Accept, Page: c.doCancel},
		{Pattern: "POST /tasks/{id}/person", Needs: Work, Page: c.doPerson},
		{Pattern: "POST /tasks/{id}/more", Needs: Work, Page: c.doMore},
		{Pattern: "POST /tasks/{id}/more/{extension}", Needs: Accept, Page: c.doDecide},
		{Pattern: "GET /tasks/{id}/delegate", Needs: Work, Page: c.pageDelegate},
		{Pattern: "POST /tasks/{id}/delegate", Needs: Work, Page: c.doDelegate},
	}
}
