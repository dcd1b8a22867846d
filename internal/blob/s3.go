package blob

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
)

// bucket keeps objects in an S3 bucket.
type bucket struct {
	core         minio.Core
	name, prefix string
}

// partSize is how much of an object is in memory on its way to the bucket. 5 MiB is the least S3 takes.
const partSize = 8 << 20

func openS3(ctx context.Context, u *url.URL, o Options) (backend, error) {
	q := u.Query()
	env := o.Getenv
	if env == nil {
		env = os.Getenv
	}
	endpoint := q.Get("endpoint")
	if u.Host == "" || endpoint == "" {
		return nil, errors.New("files: write it like s3://BUCKET?endpoint=HOST&region=NAME")
	}
	id, secret := env("AWS_ACCESS_KEY_ID"), env("AWS_SECRET_ACCESS_KEY")
	if id == "" || secret == "" {
		return nil, errors.New("files: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY to the keys of the bucket")
	}
	region := q.Get("region")
	if region == "" {
		region = "us-east-1"
	}
	c, err := minio.New(endpoint, &minio.Options{Creds: credentials.NewStaticV4(id, secret, env("AWS_SESSION_TOKEN")), Secure: true, Region: region, Transport: o.Transport})
	if err != nil {
		return nil, fmt.Errorf("files: %w", err)
	}
	b := bucket{core: minio.Core{Client: c}, name: u.Host}
	if p := strings.Trim(u.Path, "/"); p != "" {
		b.prefix = p + "/"
	}
	ok, err := c.BucketExists(ctx, b.name)
	switch {
	case err != nil:
		return nil, fmt.Errorf("files: the bucket's server does not answer: %w", err)
	case !ok:
		return nil, fmt.Errorf("files: there is no bucket %q there: create it", b.name)
	}
	return b, nil
}

func (b bucket) put(ctx context.Context, name string, fill func(io.Writer) error) error {
	r, w := io.Pipe()
	done := make(chan error, 1)
	go func() {
		err := fill(w)
		if err != nil {
			w.CloseWithError(errCut) // not err: the client takes io.ErrUnexpectedEOF for the end of the object
		} else {
			w.Close()
		}
		done <- err
	}()
	_, err := b.core.Client.PutObject(ctx, b.name, b.prefix+name, r, -1, minio.PutObjectOptions{PartSize: partSize, ContentType: "application/octet-stream"})
	r.CloseWithError(errors.Join(err, io.ErrClosedPipe))
	ferr := <-done
	if ferr != nil && err == nil {
		b.remove(context.WithoutCancel(ctx), name)
	}
	if ferr != nil && !errors.Is(ferr, io.ErrClosedPipe) {
		return ferr
	}
	return err
}

var errCut = errors.New("the content ended early")

func (b bucket) open(ctx context.Context, name string, offset int64) (io.ReadCloser, error) {
	var o minio.GetObjectOptions
	if offset > 0 {
		if err := o.SetRange(offset, 0); err != nil {
			return nil, err
		}
	}
	r, _, _, err := b.core.GetObject(ctx, b.name, b.prefix+name, o)
	if err != nil && (minio.ToErrorResponse(err).Code == "NoSuchKey" || minio.ToErrorResponse(err).StatusCode == 404) {
		return nil, fmt.Errorf("%s: %w", name, fs.ErrNotExist)
	}
	return r, err
}

func (b bucket) remove(ctx context.Context, name string) error {
	return b.core.Client.RemoveObject(ctx, b.name, b.prefix+name, minio.RemoveObjectOptions{})
}

func (b bucket) list(ctx context.Context, see func(string, int64, time.Time) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	for o := range b.core.Client.ListObjects(ctx, b.name, minio.ListObjectsOptions{Prefix: b.prefix, Recursive: true}) {
		if o.Err != nil {
			return o.Err
		}
		if err := see(strings.TrimPrefix(o.Key, b.prefix), o.Size, o.LastModified); err != nil {
			return err
		}
	}
	return ctx.Err()
}

func (bucket) close() error { return nil }
