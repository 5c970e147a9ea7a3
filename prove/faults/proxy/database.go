package proxy

import (
	"context"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"hmsoftware.com/hm/app/plant"
	"hmsoftware.com/hm/kit/embedpg"
)

// Database is a PostgreSQL of its own with a proxy before it. It syncs to disk and is started again when it ends, as in
// production.
type Database struct {
	*Proxy
	// URL leads a superuser there through the proxy, Direct past it. DataDir is where it lives.
	URL, Direct, DataDir string

	server *embedpg.Server
}

// StartDatabase starts one; Stop ends it and takes its data away.
func StartDatabase(ctx context.Context) (_ *Database, err error) {
	d := &Database{}
	if d.DataDir, err = plant.Folder(); err != nil {
		return nil, err
	}
	if d.server, err = embedpg.Start(ctx, embedpg.Options{DataDir: d.DataDir}); err != nil {
		return nil, err
	}
	d.Direct = d.server.URL()
	socket, err := url.Parse(d.Direct)
	if err != nil {
		return nil, err
	}
	path := filepath.Join(socket.Query().Get("host"), ".s.PGSQL.5432")
	d.Proxy, err = Listen(func(ctx context.Context) (net.Conn, error) { return new(net.Dialer).DialContext(ctx, "unix", path) })
	if err != nil {
		return nil, err
	}
	d.URL = "postgres://postgres@" + d.Address() + "/hm?sslmode=disable"
	return d, nil
}

// Stop ends the proxy and PostgreSQL.
func (d *Database) Stop() error {
	d.Close()
	stop, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	err := d.server.Stop(stop)
	_ = os.RemoveAll(d.DataDir)
	return err
}
