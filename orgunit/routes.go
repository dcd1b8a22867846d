package orgunit

import (
	"chungtay/internal/web"
	"chungtay/policy"
)

// Nav is the entry of the main navigation.
var Nav = []web.Nav{{Key: "orgunit.title", Path: "/units", Needs: Read}}

// Routes of this room.
func (c *Units) Routes() []web.Route {
	return []web.Route{
		{Pattern: "GET /units", Needs: Read, Page: c.pageList},
		{Pattern: "GET /unit-tree", Needs: Read, Page: c.pageTree},
		{Pattern: "GET /units/{id}", Needs: Read, Page: c.pageShow},
		{Pattern: "GET /units/{id}/new", Needs: Edit, Page: c.pageNew},
		{Pattern: "POST /units/{id}/new", Needs: Edit, Page: c.doNew},
		{Pattern: "GET /units/{id}/change", Needs: Edit, Page: c.pageChange},
		{Pattern: "POST /units/{id}/change", Needs: Edit, Page: c.doChange},
		{Pattern: "GET /units/{id}/merge", Needs: Edit, Page: c.pageMerge},
		{Pattern: "POST /units/{id}/merge", Needs: Edit, Page: c.doMerge},
		{Pattern: "GET /units/{id}/receive", Needs: Edit, Page: c.pageReceive},
		{Pattern: "POST /units/{id}/receive", Needs: Edit, Page: c.doReceive},
		{Pattern: "GET /units/{id}/split", Needs: Edit, Page: c.pageSplit},
		{Pattern: "POST /units/{id}/split", Needs: Edit, Page: c.doSplit},
		{Pattern: "GET /units/{id}/abolish", Needs: Edit, Page: c.pageAbolish},
		{Pattern: "POST /units/{id}/abolish", Needs: Edit, Page: c.doAbolish},
		{Pattern: "GET /units/{id}/takeover", Needs: Edit, Page: c.pageTakeover},
		{Pattern: "POST /units/{id}/takeover", Needs: Edit, Page: c.doTakeover},
		{Pattern: "GET /unit-events", Needs: Read, Page: c.pageEvents},
		{Pattern: "GET /unit-events/{id}", Needs: Read, Page: c.pageEvent},
		{Pattern: "POST /unit-events/{id}/withdraw", Needs: Edit, Page: c.doWithdraw},
		{Pattern: "GET /unit-import", Needs: Edit, Page: c.pageImport},
		{Pattern: "POST /unit-import", Needs: Edit, Page: c.doImport, MaxBody: 24 << 20},
		{Pattern: "GET /unit-import/template.xlsx", Needs: Edit, Page: templateFile},
		{Pattern: "GET /unit-import/{id}", Needs: Edit, Page: c.pageImported},
		{Pattern: "POST /unit-import/{id}/go", Needs: Edit, Page: c.doImported},
		{Pattern: "GET /unit-import/{id}/events", Needs: Edit, Page: c.importEvents},
		{Pattern: "GET /unit-export", Needs: Read, Page: c.exportUnits},
		{Pattern: "GET /areas", Needs: Read, Page: c.pageAreas},
		{Pattern: "GET /areas/{id}", Needs: Read, Page: pageArea},
		{Pattern: "GET /areas/{id}/rename", Needs: Edit, Page: c.pageRename},
		{Pattern: "POST /areas/{id}/rename", Needs: Edit, Page: c.doRename},
		{Pattern: "GET /unit-groups", Needs: policy.SignedIn, Page: c.pageGroups},
		{Pattern: "POST /unit-groups", Needs: policy.SignedIn, Page: c.doGroup},
		{Pattern: "POST /unit-groups/{id}/drop", Needs: policy.SignedIn, Page: c.dropGroup},
		{Pattern: "GET /unit-sets", Needs: Edit, Page: c.pageSets},
		{Pattern: "POST /unit-sets", Needs: Edit, Page: c.doSet},
	}
}
