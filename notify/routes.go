package notify

import (
	"embed"

	"chungtay/internal/web"
	"chungtay/policy"
)

// Text is the wording of this room.
//
//go:embed text.vi.toml text.en.toml
var Text embed.FS

// Deliveries lets administrators see what went out by which channel, and send it again.
const Deliveries policy.Permission = "notify.deliveries"

// Routes of this room.
func (n *Notices) Routes() []web.Route {
	return []web.Route{
		{Pattern: "GET /inbox", Needs: policy.SignedIn, Page: pageInbox},
		{Pattern: "POST /inbox/read", Needs: policy.SignedIn, Page: doReadAll},
		{Pattern: "POST /inbox/{id}", Needs: policy.SignedIn, Page: doOpen},
		{Pattern: "GET /me/notices", Needs: policy.SignedIn, Page: n.pagePreference},
		{Pattern: "POST /me/notices", Needs: policy.SignedIn, Page: n.doPreference},
		{Pattern: "GET /system/deliveries", Needs: Deliveries, Page: n.pageDeliveries},
		{Pattern: "POST /system/deliveries/{id}/again", Needs: Deliveries, Page: n.doAgain},
		{Pattern: "POST /system/deliveries/test", Needs: Deliveries, Page: n.doTest},
	}
}
