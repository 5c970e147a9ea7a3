package plant

import (
	"context"
	"os"
	"sync"
)

// BinaryVariable names the environment variable that holds the path of a binary to run instead of one built now.
const BinaryVariable = "HM_BINARY"

var builtFolder string

var built = sync.OnceValues(func() (path string, err error) {
	if path = os.Getenv(BinaryVariable); path != "" {
		return path, nil
	}
	if builtFolder, err = os.MkdirTemp("", "hm-bin-"); err != nil {
		return "", err
	}
	return Build(context.Background(), builtFolder)
})

// Built gives the path of a binary made of the present sources, once a process.
func Built() (path string, err error) { return built() }

// RemoveBuilt takes away what Built made. Call it last.
func RemoveBuilt() {
	if builtFolder != "" {
		_ = os.RemoveAll(builtFolder)
	}
}

// New gives a node that is not started yet, on a data folder and an address of its own. Remove takes the folder away.
func New() (*Node, error) {
	binary, err := Built()
	if err != nil {
		return nil, err
	}
	folder, err := Folder()
	if err != nil {
		return nil, err
	}
	address, err := FreeAddress()
	if err != nil {
		return nil, err
	}
	return &Node{Binary: binary, DataDir: folder, Address: address}, nil
}

// Remove kills the node where it runs, with its private PostgreSQL, and takes its data folder away.
func (n *Node) Remove() {
	n.Kill()
	quit(n.DataDir)
	_ = os.RemoveAll(n.DataDir)
}
