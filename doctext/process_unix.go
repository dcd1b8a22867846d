//go:build unix

package doctext

import (
	"os/exec"
	"syscall"
)

// endWithChildren makes the end of a program the end of those that it started: soffice starts another that does the work.
func endWithChildren(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
}
