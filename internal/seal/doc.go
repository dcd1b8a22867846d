// Package seal keeps personal data of victims, tipsters and staff unreadable to whoever holds the database, a backup or a disk alone.
//
//	key file (KEK) -> ring "record" (master keys, in the database, wrapped) -> one data key per record (seal_key, wrapped) -> fields
//	               -> ring "index"  (PRF key) ----------------------------------------------------> blind indexes
//
// A field is sealed with AES-256-GCM under its record's own data key, bound to the kind of record, its id and the field's name: a value
// copied to another row or column does not open. Values are padded to steps of 32 bytes, so that "nam" and "nữ" look alike.
//
//	data key: made with the record's first sealed field -> rewrapped at each rotation of the master -> destroyed (kept as a tombstone)
//
// Destroying a record's key makes every field and file sealed under it unreadable for ever, wherever copies of the rows lie, except in
// a backup that holds both the wrapped key and an unlocked key file; so destruction is repeated after a restore (Tombstones, Bury) and
// backups have an end. Statutory basis: the right to erasure and the duty to protect, Luật Bảo vệ dữ liệu cá nhân 91/2025/QH15; secrecy
// of victims' identity (giữ bí mật thông tin về nạn nhân), Luật Phòng, chống mua bán người 53/2024/QH15.
//
// Neighbours: db (its transactions), jobs (the rewrapping after a rotation). The audit line of a destruction is the caller's.
package seal
