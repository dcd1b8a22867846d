package app

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"time"

	"chungtay/audit"
	"chungtay/internal/db"
	"chungtay/internal/seal"
	"chungtay/policy"
)

// KeysCmd groups what is done with the keys of sealed fields and files (docs/operations.md, "Keys").
type KeysCmd struct {
	Status    KeysStatusCmd    `cmd:"" help:"Các khóa chủ và số khóa dữ liệu mỗi khóa đang bọc. (Master keys and what each wraps.)"`
	Rotate    KeysRotateCmd    `cmd:"" help:"Tạo khóa chủ mới và bọc lại mọi khóa dữ liệu. (Make a new master key and rewrap all data keys.)"`
	Rewrap    KeysRewrapCmd    `cmd:"" help:"Bọc tiếp những khóa dữ liệu còn lại sau khi bị ngắt. (Go on after a rotation that was cut off.)"`
	RenewFile KeysRenewFileCmd `cmd:"" help:"Thêm khóa mới vào tệp khóa. (Put a new key into the key file.)"`
	Destroyed KeysDestroyedCmd `cmd:"" help:"In danh sách khóa dữ liệu đã hủy, để cất cạnh các bản sao lưu. (Print the destroyed data keys, to keep beside the backups.)"`
}

// KeysStatusCmd prints the master keys.
type KeysStatusCmd struct {
	Config string `help:"Tệp thiết lập TOML. (Settings file.)" type:"path"`
}

// Run prints a line for each master key, the newest first.
func (c KeysStatusCmd) Run(ctx context.Context, s *Streams) error {
	return withKeys(ctx, c.Config, s, func(in *Installation) error { return in.showKeys(ctx, s) })
}

// KeysRotateCmd makes a new master key and rewraps. It may run while the server runs.
type KeysRotateCmd struct {
	Config string `help:"Tệp thiết lập TOML. (Settings file.)" type:"path"`
}

// Run rotates and rewraps. When it is cut off, everything opens as before; the server goes on with the rest by itself, and so does `keys rewrap`.
func (c KeysRotateCmd) Run(ctx context.Context, s *Streams) error {
	return withKeys(ctx, c.Config, s, func(in *Installation) error {
		err := in.DB.Write(ctx, func(tx *db.Tx) error {
			if err := in.Vault.Rotate(tx); err != nil {
				return err
			}
			return audit.Log(tx, policy.System("keys"), audit.Self(), audit.Deed{Action: "system.keys_rotated", Kind: "keys", ID: "record"})
		})
		if err != nil {
			return err
		}
		return in.rewrap(ctx, s)
	})
}

// KeysRewrapCmd goes on with a rotation.
type KeysRewrapCmd struct {
	Config string `help:"Tệp thiết lập TOML. (Settings file.)" type:"path"`
}

// Run rewraps what is left; with nothing left it only prints the keys.
func (c KeysRewrapCmd) Run(ctx context.Context, s *Streams) error {
	return withKeys(ctx, c.Config, s, func(in *Installation) error { return in.rewrap(ctx, s) })
}

// KeysRenewFileCmd puts a new key into the key file, which wraps everything from the next start on.
type KeysRenewFileCmd struct {
	Config string `help:"Tệp thiết lập TOML. (Settings file.)" type:"path"`
}

// Run changes the key file of this machine. The old keys stay in it: they open older backups.
func (c KeysRenewFileCmd) Run(ctx context.Context, s *Streams) error {
	return withKeys(ctx, c.Config, s, func(in *Installation) error {
		if err := in.KeyFile().AddKey(); err != nil {
			return err
		}
		err := in.DB.Write(ctx, func(tx *db.Tx) error {
			return audit.Log(tx, policy.System("keys"), audit.Self(), audit.Deed{Action: "system.key_file_renewed", Kind: "keys", ID: "file"})
		})
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(s.Out, "%s has a new key. Copy it to every node and to the place where its copy is kept, then restart the server.\n", in.Config.KeyFile)
		return err
	})
}

// KeysDestroyedCmd prints the list that `restore --destroyed` takes.
type KeysDestroyedCmd struct {
	Config string `help:"Tệp thiết lập TOML. (Settings file.)" type:"path"`
}

// destroyedList is the list as printed: one JSON value, so that a cut one cannot be read. It names kinds and identifiers and no personal data.
type destroyedList struct {
	Format int              `json:"chungtay_destroyed"`
	At     time.Time        `json:"at"`
	Keys   []seal.Tombstone `json:"keys"`
}

const destroyedFormat = 1

// Run prints the list.
func (c KeysDestroyedCmd) Run(ctx context.Context, s *Streams) error {
	return withKeys(ctx, c.Config, s, func(in *Installation) error {
		list := destroyedList{Format: destroyedFormat}
		err := in.DB.Read(ctx, func(tx *db.Tx) (err error) {
			list.At = tx.Now
			list.Keys, err = seal.Tombstones(tx)
			return err
		})
		if err != nil {
			return err
		}
		enc := json.NewEncoder(s.Out)
		enc.SetIndent("", " ")
		return enc.Encode(list)
	})
}

// readDestroyed reads a list that KeysDestroyedCmd printed.
func readDestroyed(file string) ([]seal.Tombstone, error) {
	b, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var list destroyedList
	if json.Unmarshal(b, &list) != nil || list.Format != destroyedFormat {
		return nil, fmt.Errorf("%s is not a whole list of `chungtay keys destroyed`", file)
	}
	for _, t := range list.Keys {
		if t.Kind == "" || t.ID == "" || t.DestroyedAt.IsZero() {
			return nil, fmt.Errorf("%s names a key without kind, id or time; print the list anew with `chungtay keys destroyed`", file)
		}
	}
	return list.Keys, nil
}

func withKeys(ctx context.Context, config string, s *Streams, f func(*Installation) error) error {
	in, err := openReady(ctx, config, s)
	if err != nil {
		return err
	}
	defer in.Close()
	return f(in)
}

func (in *Installation) rewrap(ctx context.Context, s *Streams) error {
	err := in.Vault.Rewrap(ctx, in.DB.Write, func(done int) error {
		_, err := fmt.Fprintf(s.Err, "%d data keys rewrapped\n", done)
		return err
	})
	if err != nil {
		return fmt.Errorf("%w; nothing is lost: the server goes on by itself, or run `chungtay keys rewrap`", err)
	}
	return in.showKeys(ctx, s)
}

func (in *Installation) showKeys(ctx context.Context, s *Streams) error {
	var list []seal.Master
	err := in.DB.Read(ctx, func(tx *db.Tx) (err error) { list, err = in.Vault.Masters(tx); return err })
	if err != nil {
		return err
	}
	for i, m := range list {
		word := "newest"
		if !m.Newest {
			word = "older, goes a day after it is replaced and wraps nothing"
		}
		fmt.Fprintf(s.Out, "master key %d of %d (%08x): wraps %d data keys; %s\n", i+1, len(list), m.ID, m.Keys, word)
	}
	return nil
}
