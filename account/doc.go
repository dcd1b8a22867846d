// Package account knows the people who work with the system: who they are, how they sign in, and which roles they hold in which units
// and until when.
//
//	invited -> active -> closed        session: opened -> seen … -> ended (out, idle, revoked, password, role, factor)
//
// A person holds roles in units (leader, officer, clerk…, app/roles.go) from a day to a day. During leave a holder may delegate a role
// (ủy quyền); the delegation ends by itself and is shown wherever it was used. Nobody grants what they do not hold, and the last
// administrator cannot vanish.
//
// Sign-in is slow on purpose (argon2id) and takes the same time for known and unknown names. Attempts are counted before they are
// checked, by name and by address, in the database: several nodes count together, a locked name blocks no other. Roles that see
// victims work only in sessions opened with a second factor: codes (TOTP, never accepted twice), recovery codes, or a passkey.
//
// Neighbours: policy (what a role gives), audit (every event here is logged), orgunit (which unit is above which), notify (invitations).
package account
