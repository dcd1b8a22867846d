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

// Routes of this room.
func Routes() []web.Route {
	return []web.Route{
		{Pattern: "GET /inbox", Needs: policy.SignedIn, Page: pageInbox},
		{Pattern: "POST /inbox/read", Needs: policy.SignedIn, Page: doReadAll},
		{Pattern: "POST /inbox/{id}", Needs: policy.SignedIn, Page: doOpen},
	}
}
