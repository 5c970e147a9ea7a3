package typeset

import "syscall"

// apart keeps a Ctrl-C at the terminal from the child, and lets the kernel end it with the thread that started it.
func apart() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setsid: true, Pdeathsig: syscall.SIGKILL}
}
