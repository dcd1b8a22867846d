package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/prometheus/client_golang/prometheus/promhttp"
	"golang.org/x/crypto/acme"
	"golang.org/x/crypto/acme/autocert"

	"chungtay/internal/jobs"
	"chungtay/internal/web"
)

// ServeCmd runs the server until it is told to stop (SIGINT, SIGTERM).
type ServeCmd struct {
	Config string `help:"Settings file (TOML)." type:"path"`
}

// Run serves. The order to stop is obeyed in steps that lose no request: readiness answers 503 and event streams end, requests are served
// for server.drain more, then no new ones are taken, running requests and jobs end within server.grace, the database closes.
func (c ServeCmd) Run(ctx context.Context, s *Streams) error {
	cfg, err := LoadConfig(c.Config, os.Environ())
	if err != nil {
		return err
	}
	log := newLogger(cfg, s)
	in, err := Open(ctx, cfg, log)
	if err != nil {
		return err
	}
	defer in.Close()
	if err := in.Ready(ctx); err != nil {
		return err
	}
	handler, srv, err := in.Handler()
	if err != nil {
		return err
	}
	runner := in.Runner()
	ln, err := net.Listen("tcp", cfg.Listen)
	if err != nil {
		return fmt.Errorf("server.listen = %q: %w; choose another address or stop the program that uses it", cfg.Listen, err)
	}
	fmt.Fprintf(s.Out, "Chung Tay %s: %s\n", Version, cfg.PublicURL)
	return in.Serve(ctx, ln, handler, srv, runner)
}

func newLogger(cfg Config, s *Streams) *slog.Logger {
	var level slog.Level
	level.UnmarshalText([]byte(cfg.LogLevel))
	o := &slog.HandlerOptions{Level: level}
	if cfg.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(s.Err, o))
	}
	return slog.New(slog.NewTextHandler(s.Err, o))
}

// Time limits of a connection. Once the header is read, internal/web sets them anew for each step: the body, each piece of the answer.
const (
	headerTime = 10 * time.Second
	writeTime  = 60 * time.Second
	idleTime   = 2 * time.Minute
)

// Serve serves on ln until ctx ends, then lets running requests end within the grace time.
func (in *Installation) Serve(ctx context.Context, ln net.Listener, h http.Handler, srv *web.Server, runner *jobs.Runner) error {
	server := &http.Server{Handler: h, ReadHeaderTimeout: headerTime, WriteTimeout: writeTime, IdleTimeout: idleTime, MaxHeaderBytes: 32 << 10,
		ErrorLog: slog.NewLogLogger(in.Log.Handler(), slog.LevelWarn)}
	requests, cut := context.WithCancel(context.Background())
	defer cut()
	server.BaseContext = func(net.Listener) context.Context { return jobs.Waking(requests, runner) }
	done := make(chan error, 3)
	if in.Config.MetricsListen != "" {
		ln, err := net.Listen("tcp", in.Config.MetricsListen)
		if err != nil {
			return fmt.Errorf("server.metrics_listen = %q: %w; choose another address or stop the program that uses it", in.Config.MetricsListen, err)
		}
		m := &http.Server{Handler: in.metrics(), ReadHeaderTimeout: headerTime, WriteTimeout: writeTime}
		go func() {
			if err := m.Serve(ln); !errors.Is(err, http.ErrServerClosed) {
				done <- fmt.Errorf("server.metrics_listen: %w", err)
			}
		}()
		defer m.Close()
	}
	if len(in.Config.AutoCert) > 0 {
		ln, err := net.Listen("tcp", in.Config.AutoCertListen)
		if err != nil {
			return fmt.Errorf("server.autocert_listen = %q: %w; the proof that the name is ours is given there", in.Config.AutoCertListen, err)
		}
		m := certificates(in.Config)
		server.TLSConfig = m.TLSConfig()
		plain := &http.Server{Handler: m.HTTPHandler(nil), ReadHeaderTimeout: headerTime, ReadTimeout: headerTime, WriteTimeout: headerTime}
		go func() {
			if err := plain.Serve(ln); !errors.Is(err, http.ErrServerClosed) {
				done <- fmt.Errorf("server.autocert_listen: %w", err)
			}
		}()
		defer plain.Close()
	}
	go func() {
		if server.TLSConfig != nil || in.Config.TLSCert != "" {
			done <- server.ServeTLS(ln, in.Config.TLSCert, in.Config.TLSKey)
		} else {
			done <- server.Serve(ln)
		}
	}()
	working, stopWork := context.WithCancel(context.Background())
	worked := make(chan struct{})
	go func() {
		defer close(worked)
		if in.Config.JobWorkers > 0 {
			runner.Run(working)
		}
	}()
	defer func() { stopWork(); <-worked }()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
	}
	srv.Drain()
	server.SetKeepAlivesEnabled(false) // clients go elsewhere with their next request, instead of into a closing connection
	stopWork()
	in.Log.Info("stopping", "drain", in.Config.Drain.String(), "grace", in.Config.Grace.String())
	select {
	case <-time.After(in.Config.Drain):
	case err := <-done:
		return err
	}
	wait, cancel := context.WithTimeout(context.Background(), in.Config.Grace)
	defer cancel()
	if err := server.Shutdown(wait); err != nil {
		server.Close()
		return fmt.Errorf("requests were still running after server.grace = %s and were cut off", in.Config.Grace)
	}
	return nil
}

// metrics answers with what the server counts, for Prometheus.
func (in *Installation) metrics() http.Handler {
	return promhttp.HandlerFor(in.Metrics, promhttp.HandlerOpts{})
}

// certificates fetches and renews certificates for the names of the settings and for no others.
func certificates(cfg Config) *autocert.Manager {
	m := &autocert.Manager{Prompt: autocert.AcceptTOS, HostPolicy: autocert.HostWhitelist(cfg.AutoCert...), Cache: autocert.DirCache(cfg.AutoCertCache)}
	if cfg.AutoCertCA != "" {
		m.Client = &acme.Client{DirectoryURL: cfg.AutoCertCA}
	}
	return m
}
