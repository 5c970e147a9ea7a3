//go:build !linux

package typeset

import "syscall"

// apart keeps a Ctrl-C at the terminal from the child. It ends when its input does.
func apart() *syscall.SysProcAttr { return &syscall.SysProcAttr{} }
