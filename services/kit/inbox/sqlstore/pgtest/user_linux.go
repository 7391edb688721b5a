package pgtest

import (
	"cmp"
	"fmt"
	"os"
	"os/user"
	"strconv"
	"syscall"
)

// attributes makes the server end with its thread and, for root, run as another user, who
// becomes the folder's owner.
func attributes(folder string) (*syscall.SysProcAttr, error) {
	a := &syscall.SysProcAttr{Pdeathsig: syscall.SIGQUIT}
	if os.Geteuid() != 0 {
		return a, nil
	}
	as, err := user.Lookup("postgres")
	if err != nil {
		as, err = user.Lookup("nobody")
	}
	if err != nil {
		return nil, fmt.Errorf("PostgreSQL refuses to run as root: %w", err)
	}
	uid, err1 := strconv.ParseUint(as.Uid, 10, 32)
	gid, err2 := strconv.ParseUint(as.Gid, 10, 32)
	a.Credential = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	return a, cmp.Or(err1, err2, os.Chown(folder, int(uid), int(gid)))
}
