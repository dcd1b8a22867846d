package account

import (
	"embed"
	"net/url"

	"chungtay/internal/web"
	"chungtay/policy"
)

// Text is the wording of this room.
//
//go:embed text.vi.toml text.en.toml
var Text embed.FS

// Routes of this room.
func (c *Accounts) Routes() []web.Route {
	return []web.Route{
		{Pattern: "GET /sign-in", Needs: policy.Public, Page: c.pageSignIn},
		{Pattern: "POST /sign-in", Needs: policy.Public, Page: c.doSignIn, Loose: true},
		{Pattern: "GET /sign-in/code", Needs: policy.Public, Page: c.pageCode},
		{Pattern: "POST /sign-in/code", Needs: policy.Public, Page: c.doCode, Loose: true},
		{Pattern: "POST /sign-in/passkey/begin", Needs: policy.Public, Page: c.beginPasskeySignIn},
		{Pattern: "POST /sign-in/passkey", Needs: policy.Public, Page: c.doPasskeySignIn, Loose: true},
		{Pattern: "GET /sign-in/oidc", Needs: policy.Public, Page: c.startSignOn, Loose: true},
		{Pattern: "GET /sign-in/oidc/callback", Needs: policy.Public, Page: c.finishSignOn, Loose: true},
		{Pattern: "POST /sign-out", Needs: policy.SignedIn, Page: c.doSignOut},
		{Pattern: "GET /forgot", Needs: policy.Public, Page: c.pageForgot},
		{Pattern: "POST /forgot", Needs: policy.Public, Page: c.doForgot},
		{Pattern: "GET /link/{token}", Needs: policy.Public, Page: c.followLink},
		{Pattern: "GET /set-password", Needs: policy.Public, Page: c.pageSetPassword},
		{Pattern: "POST /set-password", Needs: policy.Public, Page: c.doSetPassword, Loose: true},

		{Pattern: "GET /me", Needs: policy.SignedIn, Page: c.pageMe},
		{Pattern: "GET /me/password", Needs: policy.SignedIn, Page: c.pagePassword},
		{Pattern: "POST /me/password", Needs: policy.SignedIn, Page: c.doPassword, Loose: true},
		{Pattern: "POST /me/unit", Needs: policy.SignedIn, Page: c.doUnit},
		{Pattern: "POST /me/codes", Needs: policy.SignedIn, Page: c.startCodes},
		{Pattern: "POST /me/codes/confirm", Needs: policy.SignedIn, Page: c.confirmCodes},
		{Pattern: "POST /me/codes/drop", Needs: policy.SignedIn, Page: c.dropOwnCodes},
		{Pattern: "POST /me/passkeys/begin", Needs: policy.SignedIn, Page: c.beginPasskey},
		{Pattern: "POST /me/passkeys", Needs: policy.SignedIn, Page: c.addPasskey},
		{Pattern: "POST /me/passkeys/{id}/drop", Needs: policy.SignedIn, Page: c.dropPasskey},
		{Pattern: "POST /me/recovery", Needs: policy.SignedIn, Page: c.newRecovery},
		{Pattern: "GET /me/identity", Needs: policy.SignedIn, Page: c.startLink, Loose: true},
		{Pattern: "POST /me/identity/drop", Needs: policy.SignedIn, Page: c.unlink},
		{Pattern: "POST /me/sessions/{id}/end", Needs: policy.SignedIn, Page: c.endOwnSession},
		{Pattern: "GET /me/delegate/{holding}", Needs: policy.SignedIn, Page: c.pageDelegate},
		{Pattern: "POST /me/delegate/{holding}", Needs: policy.SignedIn, Page: c.doDelegate},
		{Pattern: "POST /me/delegations/{holding}/end", Needs: policy.SignedIn, Page: c.endDelegation},

		{Pattern: "GET /reason", Needs: policy.SignedIn, Page: c.pageReason},
		{Pattern: "POST /reason", Needs: policy.SignedIn, Page: c.doReason},
		{Pattern: "GET /emergency", Needs: policy.SignedIn, Page: c.pageEmergency},
		{Pattern: "POST /emergency", Needs: policy.SignedIn, Page: c.doEmergency},
		{Pattern: "POST /emergency/{id}/end", Needs: policy.SignedIn, Page: c.endEmergency},
		{Pattern: "GET /emergency-reviews", Needs: Review, Page: c.pageReviews},
		{Pattern: "GET /emergency-reviews/{id}", Needs: Review, Page: c.pageReview},
		{Pattern: "POST /emergency-reviews/{id}", Needs: Review, Page: c.doReview},

		{Pattern: "GET /people", Needs: Read, Page: c.pagePeople},
		{Pattern: "GET /people/new", Needs: Manage, Page: c.pageInvite},
		{Pattern: "POST /people/new", Needs: Manage, Page: c.doInvite},
		{Pattern: "GET /people/import", Needs: Manage, Page: c.pageImport},
		{Pattern: "POST /people/import", Needs: Manage, Page: c.doImport, MaxBody: 8 << 20},
		{Pattern: "POST /people/import/all", Needs: Manage, Page: c.doImportAll, MaxBody: 8 << 20},
		{Pattern: "GET /people/import/template", Needs: Manage, Page: c.importTemplate},
		{Pattern: "GET /people/sessions", Needs: Session, Page: c.pageSessions},
		{Pattern: "GET /people/delegations", Needs: Manage, Page: c.pageDelegations},
		{Pattern: "GET /people/{id}", Needs: Read, Page: c.pagePerson},
		{Pattern: "GET /people/{id}/role", Needs: Manage, Page: c.pageGive},
		{Pattern: "POST /people/{id}/role", Needs: Manage, Page: c.doGive},
		{Pattern: "POST /people/{id}/role/{holding}/end", Needs: Manage, Page: c.doTake},
		{Pattern: "POST /people/{id}/link", Needs: Manage, Page: c.doLink},
		{Pattern: "POST /people/{id}/codes/drop", Needs: Manage, Page: c.dropCodes},
		{Pattern: "POST /people/{id}/close", Needs: Manage, Page: c.doClose},
		{Pattern: "POST /people/{id}/sessions/{session}/end", Needs: Session, Page: c.endSessionOf},
	}
}

// Nav is this room's entry of the navigation.
var Nav = []web.Nav{{Key: "account.people.title", Path: "/people", Needs: Read}}

// SignInPath is the address of the sign-in page; next is where to go after it.
func SignInPath(next string) string {
	if next = web.LocalPath(next); next == "/" {
		return "/sign-in"
	}
	return "/sign-in?next=" + url.QueryEscape(next)
}
