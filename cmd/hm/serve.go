package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"os"
	"runtime"
	"syscall"
	"time"

	"hmsoftware.com/hm/app"
	"hmsoftware.com/hm/app/demo"
	"hmsoftware.com/hm/kit/config"
	"hmsoftware.com/hm/kit/httpx"
)

type serveCommand struct {
	config.Serve `embed:""`
	SeedDemo     bool `name:"seed-demo" help:"Fill an empty database with the demo hospitals first, and print their sign-ins."`
}

// drainTime is how long requests under way may still take once HM is told to stop.
const drainTime = 10 * time.Second

// slack is memory that is counted and never touched, so it costs none. HM's own data is small, and without it the
// collector would run at every few megabytes of requests' litter: it took a tenth of the server's time.
const slack = 16 << 20

// Run serves until it is told to stop, or until its private database ends by itself.
func (c serveCommand) Run(ctx context.Context) error {
	logTo(os.Stderr, c.LogLevel)
	unused := make([]byte, slack)
	defer runtime.KeepAlive(unused)
	secret, err := config.SecretKeyFromEnvironment()
	if err != nil {
		return err
	}
	mailing, err := c.Mail()
	if err != nil {
		return err
	}
	texting, err := c.SMS()
	if err != nil {
		return err
	}
	// The port first: a start that cannot serve must not touch the data.
	listener, err := net.Listen("tcp", string(c.Addr))
	if err != nil {
		return explainListen(string(c.Addr), err)
	}
	defer listener.Close()
	installation, err := app.Open(ctx, app.OpenOptions{Database: c.Database, SecretKey: secret, Exclusive: true})
	if err != nil {
		return err
	}
	defer installation.Close(context.WithoutCancel(ctx))
	var proxies []netip.Prefix
	for _, proxy := range c.Proxies {
		proxies = append(proxies, netip.Prefix(proxy))
	}
	var origins []string
	for _, origin := range c.ToolOrigins {
		origins = append(origins, string(origin))
	}
	a, err := app.New(app.Config{
		Pool: installation.Pool, Secret: installation.Secret, Version: version, Role: c.Role, TrustedProxies: proxies, ToolOrigins: origins,
		PublicURL: string(c.PublicURL), Mail: mailing, SMS: texting,
	})
	if err != nil {
		return err
	}
	if c.SeedDemo {
		if err := a.SeedDemo(ctx); err != nil {
			return fmt.Errorf("seeding the demo: %w", err)
		}
	}
	if err := a.Start(ctx); err != nil {
		return err
	}
	server := httpx.Server(a.Handler())
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	fmt.Printf("HM %s is ready at http://%s\n", version, listener.Addr())
	if c.SeedDemo {
		fmt.Print(demo.SignIns)
	}
	select {
	case <-ctx.Done():
	case err = <-served:
	case <-installation.Died():
		err = errors.New("the private database ended by itself; see its log under the data folder")
	}
	drain, cancel := context.WithTimeout(context.WithoutCancel(ctx), drainTime)
	defer cancel()
	a.StopStreams()
	if shutdownErr := server.Shutdown(drain); shutdownErr != nil && !errors.Is(shutdownErr, http.ErrServerClosed) {
		slog.WarnContext(ctx, "requests were cut off at the stop", "error", shutdownErr)
	}
	a.Stop(drain)
	return err
}

func explainListen(address string, err error) error {
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return fmt.Errorf("the address %s is taken by another program; choose another with --addr", address)
	case errors.Is(err, syscall.EACCES):
		return fmt.Errorf("this user may not listen on %s; choose a port above 1023 with --addr", address)
	}
	return fmt.Errorf("cannot listen on %s: %w", address, err)
}
