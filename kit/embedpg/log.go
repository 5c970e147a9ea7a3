package embedpg

import (
	"errors"
	"io"
	"os"
	"strings"
)

// logLimit is the size, in bytes, past which the log is moved aside; one older
// file is kept.
const logLimit = 16 << 20

// rotateLog moves an overgrown log aside by copying: the server holds the file
// open and, as it appends, goes on at the new end. Lines written during the
// copy may be lost, which a log that says so little can bear.
func (f folder) rotateLog() error {
	path := f.logFile()
	info, err := os.Lstat(path)
	if err != nil || info.Size() <= logLimit {
		return nil
	}
	log, err := f.openFile(path, os.O_RDWR)
	if err != nil {
		return err
	}
	defer log.Close()
	aside, err := f.openFile(path+".1", os.O_WRONLY|os.O_CREATE|os.O_TRUNC)
	if err != nil {
		return err
	}
	if _, err = io.Copy(aside, log); err == nil {
		err = log.Truncate(0)
	}
	return errors.Join(err, aside.Close())
}

// readFrom returns what was logged after the offset, at most 64 KiB of it.
func readFrom(path string, offset int64) string {
	file, err := os.Open(path)
	if err != nil {
		return ""
	}
	defer file.Close()
	text, _ := io.ReadAll(io.LimitReader(io.NewSectionReader(file, offset, 1<<62), 64<<10))
	return string(text)
}

// meaningfulLine picks the line that tells why PostgreSQL or initdb gave up:
// the first fatal one, or else the last of all (the dynamic linker's, say).
func meaningfulLine(text string) string {
	last := ""
	for line := range strings.SplitSeq(text, "\n") {
		line = strings.TrimSpace(line)
		for _, mark := range []string{"FATAL:", "PANIC:", "initdb: error:"} {
			if _, after, found := strings.Cut(line, mark); found {
				return strings.TrimSpace(after)
			}
		}
		if line != "" {
			last = line
		}
	}
	return last
}
