package app

import (
	"context"
	"fmt"
	"os"

	"chungtay/audit"
)

// AuditCmd groups what is done with the audit log from the command line.
type AuditCmd struct {
	Verify AuditVerifyCmd `cmd:"" help:"Tính lại toàn bộ nhật ký và tìm mọi thay đổi. (Recompute the log and find any change.)"`
	Head   AuditHeadCmd   `cmd:"" help:"Ký và in dấu mới nhất, để cất ở nơi khác. (Sign and print the newest head, to keep elsewhere.)"`
}

// AuditHeadCmd prints the newest signed head.
type AuditHeadCmd struct {
	Config string `help:"Tệp thiết lập TOML. (Settings file.)" type:"path"`
}

// Run puts waiting entries into the tree, signs it and prints the head.
func (c AuditHeadCmd) Run(ctx context.Context, s *Streams) error {
	in, err := openReady(ctx, c.Config, s)
	if err != nil {
		return err
	}
	defer in.Close()
	for {
		n, err := audit.Sequence(ctx, in.DB, 10_000)
		if err != nil {
			return err
		}
		if n == 0 {
			break
		}
	}
	signer, verifier, err := audit.SigningKey(in.Config.AuditKey)
	if err != nil {
		return fmt.Errorf("audit.key_file: %w", err)
	}
	head, err := audit.SignHead(ctx, in.DB, signer)
	if err != nil {
		return err
	}
	fmt.Fprint(s.Out, head)
	fmt.Fprintln(s.Err, "key:", verifier.Name())
	return nil
}

// AuditVerifyCmd verifies the log. Exit status: 0 nothing was changed; 3 something was.
type AuditVerifyCmd struct {
	Heads  []string `name:"head" help:"Dấu đã cất ở nơi khác. (A head kept elsewhere.)" type:"existingfile"`
	Config string   `help:"Tệp thiết lập TOML. (Settings file.)" type:"path"`
}

// Run recomputes the tree and compares it with the heads stored and those given.
func (c AuditVerifyCmd) Run(ctx context.Context, s *Streams) error {
	in, err := openReady(ctx, c.Config, s)
	if err != nil {
		return err
	}
	defer in.Close()
	_, verifier, err := audit.SigningKey(in.Config.AuditKey)
	if err != nil {
		return fmt.Errorf("audit.key_file: %w", err)
	}
	var old []string
	for _, f := range c.Heads {
		b, err := os.ReadFile(f)
		if err != nil {
			return err
		}
		old = append(old, string(b))
	}
	var show func(int64)
	if isTerminal(s.Err) {
		show = func(n int64) { fmt.Fprintf(s.Err, "\r\x1b[K%d", n) }
	}
	rep, err := audit.Verify(ctx, in.DB, verifier, old, show)
	if err != nil {
		return err
	}
	fmt.Fprintf(s.Out, "%d entries, %d waiting, root %s, newest head at %d\n", rep.Size, rep.Waiting, rep.Root, rep.Head.Size)
	for _, f := range rep.Findings {
		fmt.Fprintf(s.Out, "%s at %d %s\n", f.What, f.Seq, f.Entry)
	}
	if len(rep.Findings) > 0 {
		return ExitCode(3)
	}
	return nil
}
