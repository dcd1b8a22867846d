package campaign

import (
	"chungtay/internal/web"
)

// Nav is this room's entry of the navigation.
var Nav = []web.Nav{{Key: "campaign.title", Path: "/activities", Needs: Read}}

const maxUpload = 64 << 20

// Routes of this room.
func (c *Campaigns) Routes() []web.Route {
	routes := []web.Route{
		{Pattern: "GET /activities/new", Needs: Log, Page: c.pageNew},
		{Pattern: "POST /activities/new", Needs: Log, Page: c.doNew, MaxBody: maxUpload},
		{Pattern: "GET /activities/import", Needs: Log, Page: c.pageImport},
		{Pattern: "POST /activities/import", Needs: Log, Page: c.doImport, MaxBody: maxUpload},
		{Pattern: "GET /activities/template.xlsx", Needs: Log, Page: c.sheetTemplate},
		{Pattern: "GET /activities/{id}", Needs: Read, Page: c.pageShow},
		{Pattern: "GET /activities/{id}/edit", Needs: Log, Page: c.pageEdit},
		{Pattern: "POST /activities/{id}/edit", Needs: Log, Page: c.doEdit, MaxBody: maxUpload},
		{Pattern: "POST /activities/{id}/drop", Needs: Log, Page: c.doDrop},
		{Pattern: "POST /activities/{id}/confirm", Needs: Log, Page: c.doConfirm},
		{Pattern: "GET /activities/{id}/files/{file}", Needs: Read, Page: c.file},

		{Pattern: "GET /campaigns", Needs: Read, Page: c.pageCampaigns},
		{Pattern: "POST /campaigns", Needs: Manage, Page: c.doFound},
		{Pattern: "GET /campaigns/{id}", Needs: Read, Page: c.pageCampaign},
		{Pattern: "GET /campaigns/{id}/edit", Needs: Manage, Page: c.pageAmend},
		{Pattern: "POST /campaigns/{id}/edit", Needs: Manage, Page: c.doAmend},
		{Pattern: "POST /campaigns/{id}/plan", Needs: Log, Page: c.doPlan},
		{Pattern: "GET /campaigns/{id}/plan.xlsx", Needs: Read, Page: c.planSheet(".xlsx")},
		{Pattern: "GET /campaigns/{id}/plan.csv", Needs: Read, Page: c.planSheet(".csv")},
		{Pattern: "POST /campaigns/{id}/plan/{line}/drop", Needs: Log, Page: c.doDropPlan},
		{Pattern: "GET /campaigns/{id}/news", Needs: Read, Page: c.pageNews},
		{Pattern: "POST /campaigns/{id}/news", Needs: Read, Page: c.doNews},
		{Pattern: "GET /slogans", Needs: Read, Page: c.pageSlogans},
		{Pattern: "POST /slogans", Needs: Manage, Page: c.doSlogan},
		{Pattern: "POST /slogans/{id}/withdraw", Needs: Manage, Page: c.doWithdraw},
	}
	pages := map[string]func(*web.Request) (web.Reply, error){viewList: c.pageList, viewTimeline: c.pageTimeline, viewCalendar: c.pageCalendar, viewGallery: c.pageGallery, viewMap: c.pageMap, viewSums: c.pageSums}
	for _, v := range logViews {
		routes = append(routes, web.Route{Pattern: "GET " + v, Needs: Read, Page: pages[v]}, web.Route{Pattern: "GET " + v + ".xlsx", Needs: Read, Page: c.sheetOf(v, ".xlsx")}, web.Route{Pattern: "GET " + v + ".csv", Needs: Read, Page: c.sheetOf(v, ".csv")})
	}
	return routes
}
