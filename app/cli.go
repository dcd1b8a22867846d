// Package app wires the rooms into one program: configuration, commands, routes, jobs and roles.
package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"
)

// Commands is the table of everything the binary can do. Each field is one command; its type has a Run method.
type Commands struct {
	Serve     ServeCmd     `cmd:"" help:"Chạy máy chủ. (Run the server.)"`
	Demo      DemoCmd      `cmd:"" help:"Tạo tỉnh mẫu để dùng thử. (Make a demonstration province.)"`
	Admin     AdminCmd     `cmd:"" help:"Tạo quản trị viên và liên kết đặt mật khẩu. (Make an administrator.)"`
	Migrate   MigrateCmd   `cmd:"" help:"Cập nhật cấu trúc cơ sở dữ liệu. (Bring the database up to date.)"`
	Backup    BackupCmd    `cmd:"" help:"Sao lưu, có mã hóa, khi hệ thống đang chạy. (Back up, encrypted, while running.)"`
	BackupKey BackupKeyCmd `cmd:"" help:"Tạo khóa mở bản sao lưu. (Make the key that opens backups.)"`
	Restore   RestoreCmd   `cmd:"" help:"Khôi phục bản sao lưu vào cơ sở dữ liệu trống. (Restore a backup into an empty database.)"`
	MigrateTo MigrateToCmd `cmd:"" help:"Chuyển sang cơ sở dữ liệu khác, ví dụ PostgreSQL. (Move to another database.)"`
	Doctor    DoctorCmd    `cmd:"" help:"Kiểm tra bản cài đặt và chỉ cách sửa. (Find what is wrong with this installation, with the cure.)"`
	Keys      KeysCmd      `cmd:"" help:"Khóa niêm phong: xem, thay khóa. (Sealing keys: show, rotate.)"`
	Audit     AuditCmd     `cmd:"" help:"Nhật ký hệ thống: kiểm tra, xuất dấu. (Audit log: verify, export heads.)"`
	Units     UnitsCmd     `cmd:"" help:"Đơn vị: nhập, xuất danh mục. (Units: import and export the list.)"`
	Version   VersionCmd   `cmd:"" help:"In phiên bản. (Print the version.)"`
	Read      ReadCmd      `cmd:"" help:"Đọc văn bản hành chính: số, ngày, căn cứ, việc được giao, thời hạn. (Read official documents.)"`
	Lint      LintCmd      `cmd:"" help:"Kiểm tra thể thức văn bản DOCX, PDF theo Nghị định 30/2020/NĐ-CP. (Check the form of official documents.)"`
	Helper    HelperCmd    `cmd:"" hidden:"" help:"Đọc một tệp PDF cho tiến trình khác của chương trình. (Read one PDF for another process of the program.)"`
}

// Streams are the standard streams a command reads and writes, so that tests can run commands in process.
type Streams struct {
	In  io.Reader
	Out io.Writer
	Err io.Writer
}

// ExitCode is an error that carries the exit status of a command and prints nothing by itself.
type ExitCode int

func (e ExitCode) Error() string { return fmt.Sprintf("exit status %d", int(e)) }

// Main runs one command line and returns the exit status: 0 done, 1 failed, 2 wrong usage, others as a command documents.
func Main(args []string, in io.Reader, out, errw io.Writer) int {
	var cmds Commands
	exit := -1
	parser, err := kong.New(&cmds, kong.Name("chungtay"), kong.UsageOnError(), kong.Writers(out, errw),
		kong.Description("Chung Tay: hệ thống công tác phòng, chống mua bán người."),
		kong.Exit(func(code int) { exit = code }))
	if err != nil {
		fmt.Fprintln(errw, "chungtay:", err)
		return 2
	}
	kctx, err := parser.Parse(args)
	if exit >= 0 {
		return exit
	}
	if err != nil {
		fmt.Fprintln(errw, "chungtay:", err)
		return 2
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	kctx.BindTo(ctx, (*context.Context)(nil))
	err = kctx.Run(&Streams{In: in, Out: out, Err: errw})
	var code ExitCode
	switch {
	case err == nil:
		return 0
	case errors.As(err, &code):
		return int(code)
	default:
		fmt.Fprintln(errw, "chungtay:", err)
		return 1
	}
}

// VersionCmd prints the version the binary was built from.
type VersionCmd struct{}

// Run prints the version.
func (VersionCmd) Run(s *Streams) error {
	_, err := fmt.Fprintln(s.Out, "chungtay", Version)
	return err
}

// Version is set by the build (-ldflags "-X chungtay/app.Version=…").
var Version = "dev"
