package embedpg

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// socketName is fixed because the port is only part of a file's name: the
// server listens on no network.
const socketName = ".s.PGSQL.5432"

// longestSocketPath is what a unix socket address holds, in bytes.
const longestSocketPath = 107

// folder is the data folder and who its PostgreSQL runs as.
type folder struct {
	root   string // absolute
	server identity
}

// identity is the user PostgreSQL runs as.
type identity struct {
	uid, gid int
	name     string
	dropped  bool // root gave its rights up for it
}

func (f folder) pgdata() string  { return filepath.Join(f.root, "postgres") }
func (f folder) run() string     { return filepath.Join(f.root, "run") }
func (f folder) logFile() string { return filepath.Join(f.root, "log", "postgres.log") }
func (f folder) exists() bool    { return isFile(filepath.Join(f.pgdata(), "PG_VERSION")) }
func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}
func ownerOf(i fs.FileInfo) int { return int(i.Sys().(*syscall.Stat_t).Uid) }
func groupOf(i fs.FileInfo) int { return int(i.Sys().(*syscall.Stat_t).Gid) }

// openFolder makes the data folder and what stands in it, and proves that it
// can be written to.
func openFolder(path string) (folder, error) {
	root, err := filepath.Abs(path)
	if err != nil {
		return folder{}, fmt.Errorf("the data folder %s: %w", path, err)
	}
	f := folder{root: root}
	if err := os.MkdirAll(root, 0o755); err != nil {
		return folder{}, f.explain(err)
	}
	if f.server, err = f.serverIdentity(); err != nil {
		return folder{}, err
	}
	for path, mode := range map[string]fs.FileMode{f.run(): 0o700, filepath.Dir(f.logFile()): 0o700} {
		if err := f.ensureFolder(path, mode); err != nil {
			return folder{}, f.explain(err)
		}
	}
	return f, nil
}

// ensureFolder makes a folder that belongs to the server's user.
func (f folder) ensureFolder(path string, mode fs.FileMode) error {
	if err := os.Mkdir(path, mode); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	info, err := os.Lstat(path)
	switch {
	case err != nil:
		return err
	case !info.IsDir():
		return &fs.PathError{Op: "open", Path: path, Err: syscall.ENOTDIR}
	case f.server.dropped && ownerOf(info) == 0:
		return os.Lchown(path, f.server.uid, f.server.gid)
	case ownerOf(info) != f.server.uid:
		return fmt.Errorf("%s belongs to user %s: run hm as that user or as root", path, userName(ownerOf(info)))
	}
	return nil
}

// openFile opens a file in a folder of the server's user, and gives a new one
// to that user. Root must not be led elsewhere by a link laid there.
func (f folder) openFile(path string, flags int) (*os.File, error) {
	file, err := os.OpenFile(path, flags|syscall.O_NOFOLLOW, 0o600)
	if err != nil || !f.server.dropped || flags&os.O_CREATE == 0 {
		return file, err
	}
	if err := file.Chown(f.server.uid, f.server.gid); err != nil {
		file.Close()
		return nil, err
	}
	return file, nil
}

// writeFile puts a whole file in place, for the server's user to read.
func (f folder) writeFile(path string, content []byte) error {
	if old, err := os.ReadFile(path); err == nil && bytes.Equal(old, content) {
		return nil
	}
	part := path + ".part"
	if err := os.Remove(part); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	file, err := f.openFile(part, os.O_WRONLY|os.O_CREATE|os.O_EXCL)
	if err != nil {
		return err
	}
	_, err = file.Write(content)
	if err = errors.Join(err, file.Sync(), file.Close()); err != nil {
		return err
	}
	return os.Rename(part, path)
}

// serverIdentity is this process's own user, but never root: then whoever the
// cluster belongs to already, or the user that Debian's package made, or nobody.
func (f folder) serverIdentity() (identity, error) {
	if uid := os.Geteuid(); uid != 0 {
		return identity{uid: uid, gid: os.Getegid(), name: userName(uid)}, nil
	}
	if info, err := os.Stat(f.pgdata()); err == nil && ownerOf(info) != 0 {
		return identity{uid: ownerOf(info), gid: groupOf(info), name: userName(ownerOf(info)), dropped: true}, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		account, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, errUID := strconv.Atoi(account.Uid)
		gid, errGID := strconv.Atoi(account.Gid)
		if errUID == nil && errGID == nil && uid != 0 {
			return identity{uid: uid, gid: gid, name: name, dropped: true}, nil
		}
	}
	return identity{}, errors.New("PostgreSQL refuses to run as root, and this machine has neither a user postgres nor a user nobody: run hm as another user")
}

// refuseRoots tells who copied a backup back as root what is left to do.
func (f folder) refuseRoots() error {
	info, err := os.Stat(f.pgdata())
	if err != nil || !f.server.dropped || ownerOf(info) != 0 {
		return err
	}
	return fmt.Errorf("%s belongs to root, and PostgreSQL refuses to run as root: chown -R %s %s", f.pgdata(), f.server.name, f.pgdata())
}

func userName(uid int) string {
	if account, err := user.LookupId(strconv.Itoa(uid)); err == nil {
		return account.Username
	}
	return strconv.Itoa(uid)
}

// blockedAt names the outermost folder on the way to path that the server's
// user may not pass, or "".
func (f folder) blockedAt(path string) (outermost string) {
	if !f.server.dropped {
		return ""
	}
	for parent := path; ; parent = filepath.Dir(parent) {
		info, err := os.Stat(parent)
		if err != nil || !f.maySearch(info) {
			outermost = parent
		}
		if parent == filepath.Dir(parent) {
			return outermost
		}
	}
}

func (f folder) maySearch(info fs.FileInfo) bool {
	switch mode := info.Mode().Perm(); {
	case ownerOf(info) == f.server.uid:
		return mode&0o100 != 0
	case groupOf(info) == f.server.gid:
		return mode&0o010 != 0
	default:
		return mode&0o001 != 0
	}
}

// socketFolder is where the socket stands: in the data folder, or in a private
// folder for temporary files when the data folder's path is too long for a
// socket, holds what separates the folders of a list, or lies where the
// server's user cannot go (below /root, say).
func (f folder) socketFolder() (string, error) {
	fits := len(f.run())+1+len(socketName) <= longestSocketPath && !strings.ContainsAny(f.run(), `,"`)
	if fits && f.blockedAt(f.run()) == "" {
		return f.run(), nil
	}
	sum := sha256.Sum256([]byte(f.root))
	name := fmt.Sprintf("hm-%d-%s", f.server.uid, hex.EncodeToString(sum[:6]))
	for _, temporary := range []string{os.TempDir(), "/tmp"} {
		path := filepath.Join(temporary, name)
		if len(path)+1+len(socketName) > longestSocketPath || f.blockedAt(temporary) != "" {
			continue
		}
		if err := f.ensureFolder(path, 0o700); err != nil {
			return "", fmt.Errorf("the folder for the database socket: %w", err)
		}
		return path, os.Chmod(path, 0o700)
	}
	return "", fmt.Errorf("no folder is short enough for the database socket: choose a data folder with a shorter path than %s", f.root)
}

// explain turns what the system says about the data folder into a sentence.
func (f folder) explain(err error) error {
	if err == nil {
		return nil
	}
	sentence := ""
	switch {
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		sentence = "the disk of the data folder %s is full"
	case errors.Is(err, syscall.EROFS):
		sentence = "the data folder %s is on a read-only disk"
	case errors.Is(err, syscall.ENOTDIR), errors.Is(err, syscall.EEXIST), errors.Is(err, syscall.ELOOP):
		sentence = "the data folder %s is not a folder, or something in its place is not"
	case errors.Is(err, fs.ErrPermission):
		sentence = "the data folder %s may not be written to by user " + userName(os.Geteuid())
	default:
		return fmt.Errorf("the data folder %s: %w", f.root, err)
	}
	return fmt.Errorf(sentence+": %w", f.root, err)
}
