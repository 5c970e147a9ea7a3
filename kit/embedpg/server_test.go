package embedpg

import (
	"context"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// start runs a server for the test and stops it when the test ends.
func start(t *testing.T, options Options) *Server {
	t.Helper()
	server, err := Start(t.Context(), options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { stop(t, server) })
	return server
}

func stop(t *testing.T, server *Server) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	if err := server.Stop(ctx); err != nil {
		t.Error(err)
	}
}

func connect(t *testing.T, server *Server) *pgx.Conn {
	t.Helper()
	connection, err := pgx.Connect(t.Context(), server.URL())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { connection.Close(context.Background()) })
	return connection
}

func TestAServerKeepsItsRowsOverARestart(t *testing.T) {
	t.Parallel()
	options := Options{DataDir: t.TempDir()}
	first := start(t, options)
	connection := connect(t, first)
	if _, err := connection.Exec(t.Context(), "CREATE TABLE kept (name text); INSERT INTO kept VALUES ('row')"); err != nil {
		t.Fatal(err)
	}
	stop(t, first)
	select {
	case <-first.Done():
	default:
		t.Fatal("Stop returned before the server had ended")
	}
	var name string
	if err := connect(t, start(t, options)).QueryRow(t.Context(), "SELECT name FROM kept").Scan(&name); err != nil || name != "row" {
		t.Fatalf("after a restart: %q, %v", name, err)
	}
}
