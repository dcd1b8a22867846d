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
// Destroying a record's key makes every field and file sealed under it unreadable, wherever copies of the rows lie, once no copy of the
// wrapped key is left. In the table it is gone at the commit. Elsewhere it ends later, and whoever has such a copy and an unlocked key file can
// still use it:
//
//   - SQLite overwrites what it deletes (secure_delete). The write-ahead log beside the file keeps the old page until it is written
//     over or the last connection closes; what the file system and the disk keep of overwritten blocks is theirs.
//   - PostgreSQL keeps the old row until VACUUM has cleaned its page, and in write-ahead log, replicas and archives as long as those last.
//   - A backup keeps it as long as the backup is kept; so destruction is repeated after a restore (Tombstones, Bury: `chungtay keys destroyed`,
//     `chungtay restore --destroyed`) and backups have an end.
//
// Statutory basis: the right to erasure and the duty to protect, Luật Bảo vệ dữ liệu cá nhân 91/2025/QH15; secrecy
// of victims' identity (giữ bí mật thông tin về nạn nhân), Luật Phòng, chống mua bán người 53/2024/QH15.
//
// Neighbours: db (its transactions), jobs (the rewrapping after a rotation). The audit line of a destruction is the caller's.
package seal
