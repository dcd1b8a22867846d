//go:build !unix

package doctext

import "os/exec"

// endWithChildren does nothing where programs have no groups: the program itself is ended.
func endWithChildren(*exec.Cmd) {}
