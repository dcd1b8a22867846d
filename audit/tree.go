package audit

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"chungtay/internal/db"
)

// origin is the first line of every head: it says which log the head belongs to.
const origin = "chungtay audit log"

// record is the canonical form of an entry that is hashed into the tree: JSON of the stored fields in this order.
func record(e Entry) []byte {
	b, err := json.Marshal(e)
	if err != nil {
		panic(err) // strings and a time always marshal
	}
	return b
}

// Sequence puts entries that are not yet in the tree into it, at most limit at once, and returns how many. It is safe to run at several
// nodes at the same time: they wait for each other.
func Sequence(ctx context.Context, d *db.DB, limit int) (int, error) {
	n := 0
	err := d.Claim(ctx, func(tx *db.Tx) error {
		n = 0
		if err := lockTree(tx); err != nil {
			return err
		}
		size, err := treeSize(tx)
		if err != nil {
			return err
		}
		entries, err := listWaiting(tx, limit)
		if err != nil {
			return err
		}
		reader := &nodeCache{from: nodeReader(tx), known: map[int64]tlog.Hash{}}
		for _, e := range entries {
			hashes, err := tlog.StoredHashes(size, record(e), reader)
			if err != nil {
				return err
			}
			at := tlog.StoredHashIndex(0, size)
			for i, h := range hashes {
				if err := insertNode(tx, at+int64(i), h); err != nil {
					return err
				}
				reader.known[at+int64(i)] = h
			}
			if err := insertLeaf(tx, size, e.ID, hashes[0]); err != nil {
				return err
			}
			if err := endWaiting(tx, e.ID); err != nil {
				return err
			}
			size++
			n++
		}
		return nil
	})
	return n, err
}

// nodeCache remembers the nodes written in one run: nearly all that the next entry needs.
type nodeCache struct {
	from  tlog.HashReader
	known map[int64]tlog.Hash
}

// ReadHashes makes nodeCache a tlog.HashReader.
func (c *nodeCache) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(indexes))
	for i, x := range indexes {
		h, ok := c.known[x]
		if !ok {
			got, err := c.from.ReadHashes(indexes[i : i+1])
			if err != nil {
				return nil, err
			}
			h = got[0]
			c.known[x] = h
		}
		out[i] = h
	}
	return out, nil
}

// SignHead signs the present size and root of the tree, if it grew since the last head, and returns the newest signed head ("" for an
// empty tree).
func SignHead(ctx context.Context, d *db.DB, signer note.Signer) (string, error) {
	var out string
	err := d.Claim(ctx, func(tx *db.Tx) error {
		if err := lockTree(tx); err != nil {
			return err
		}
		size, err := treeSize(tx)
		if err != nil || size == 0 {
			return err
		}
		last, ok, err := newestHead(tx)
		if err != nil {
			return err
		}
		if ok && last.Size == size {
			out = last.Note
			return nil
		}
		root, err := tlog.TreeHash(size, nodeReader(tx))
		if err != nil {
			return err
		}
		b, err := note.Sign(&note.Note{Text: headText(size, root, tx.Now)}, signer)
		if err != nil {
			return err
		}
		out = string(b)
		return insertHead(tx, size, out)
	})
	return out, err
}

func headText(size int64, root tlog.Hash, at time.Time) string {
	return fmt.Sprintf("%s\n%d\n%s\n%s\n", origin, size, root, at.UTC().Format(time.RFC3339))
}

// Head is a signed head after its signature was checked.
type Head struct {
	Size int64
	Root tlog.Hash
	At   time.Time
}

// ReadHead checks the signature of an exported head and reads it.
func ReadHead(text string, v note.Verifier) (Head, error) {
	n, err := note.Open([]byte(text), note.VerifierList(v))
	if err != nil {
		return Head{}, fmt.Errorf("head: %w", err)
	}
	lines := strings.Split(n.Text, "\n")
	if len(lines) != 5 || lines[0] != origin {
		return Head{}, errors.New("head: not a head of this log")
	}
	size, err1 := strconv.ParseInt(lines[1], 10, 64)
	root, err2 := tlog.ParseHash(lines[2])
	at, err3 := time.Parse(time.RFC3339, lines[3])
	return Head{size, root, at}, errors.Join(err1, err2, err3)
}

// Finding is one thing Verify found wrong. Seq is the place in the log, -1 where there is none.
type Finding struct {
	What  string // changed, missing, reordered, stranger, head, old_head, node
	Seq   int64
	Entry string
}

// Report is what Verify found.
type Report struct {
	Size     int64     // entries in the tree
	Root     tlog.Hash // of the tree recomputed from the entries; zero for an empty one
	Waiting  int       // entries written a moment ago, not yet in the tree
	Head     Head      // newest signed head
	Findings []Finding // empty: nothing was tampered with
}

// settle is how long after being written an entry may wait for its place in the tree; an older one without a place was inserted behind
// the program's back, or lost its place.
const settle = 15 * time.Minute

// Verify recomputes the log from its entries. old may hold heads kept elsewhere; each must be a prefix of this log. progress is called
// now and then with the number of entries read, and may be nil.
func Verify(ctx context.Context, d *db.DB, v note.Verifier, old []string, progress func(done int64)) (Report, error) {
	var rep Report
	var heads []Head
	for _, text := range old {
		h, err := ReadHead(text, v)
		if err != nil {
			return rep, err
		}
		heads = append(heads, h)
	}
	err := d.Read(ctx, func(tx *db.Tx) error {
		rep = Report{}
		stored, err := listHeads(tx)
		if err != nil {
			return err
		}
		roots := map[int64][]Head{}
		if v == nil { // the caller compares roots only
			stored = nil
		}
		for i, s := range stored {
			h, err := ReadHead(s.Note, v)
			if err != nil || h.Size != s.Size {
				rep.Findings = append(rep.Findings, Finding{"head", s.Size, ""})
				continue
			}
			roots[h.Size] = append(roots[h.Size], h)
			if i == len(stored)-1 {
				rep.Head = h
			}
		}
		for _, h := range heads {
			roots[h.Size] = append(roots[h.Size], h)
		}
		var tree edge
		var last int64 = -1
		for l, err := range eachLeaf(tx) {
			if err != nil {
				return err
			}
			if l.Seq != last+1 {
				rep.Findings = append(rep.Findings, Finding{"missing", last + 1, ""})
			}
			last = l.Seq
			hash := recordHash(l.Entry)
			switch {
			case l.Entry.ID == "":
				rep.Findings = append(rep.Findings, Finding{"missing", l.Seq, l.EntryID})
			case string(l.Hash) != string(hash[:]):
				rep.Findings = append(rep.Findings, Finding{"changed", l.Seq, l.EntryID})
			}
			tree.add(hash)
			for _, h := range roots[tree.size] {
				if tree.root() != h.Root {
					rep.Findings = append(rep.Findings, Finding{"reordered", tree.size, ""})
				}
			}
			if progress != nil && tree.size%10000 == 0 {
				progress(tree.size)
			}
		}
		rep.Size = tree.size
		if tree.size > 0 {
			rep.Root = tree.root()
		}
		for size := range roots {
			if size > tree.size {
				rep.Findings = append(rep.Findings, Finding{"missing", size - 1, ""})
			}
		}
		for e, err := range eachUnsequenced(tx) {
			if err != nil {
				return err
			}
			rep.Waiting++
			if tx.Now.Sub(e.At) > settle {
				rep.Findings = append(rep.Findings, Finding{"stranger", -1, e.ID})
			}
		}
		return nil
	})
	return rep, err
}

// edge recomputes the root of a growing tree from its leaves. It keeps the complete subtrees along the right edge only, one for each bit of
// the size, so that a log of any length is verified in the same memory (RFC 6962, 2.1).
type edge struct {
	size     int64
	subtrees []tlog.Hash // the largest first
}

func (e *edge) add(leaf tlog.Hash) {
	for n := e.size; n&1 == 1; n >>= 1 {
		last := len(e.subtrees) - 1
		leaf = tlog.NodeHash(e.subtrees[last], leaf)
		e.subtrees = e.subtrees[:last]
	}
	e.subtrees = append(e.subtrees, leaf)
	e.size++
}

// root is the hash of the whole tree, which must not be empty.
func (e *edge) root() tlog.Hash {
	last := len(e.subtrees) - 1
	h := e.subtrees[last]
	for i := last - 1; i >= 0; i-- {
		h = tlog.NodeHash(e.subtrees[i], h)
	}
	return h
}

// SigningKey returns the key that signs heads, kept in a file of mode 0600; a missing file is made. The verifier is what others need
// to check heads.
func SigningKey(path string) (note.Signer, note.Verifier, error) {
	b, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		skey, _, err := note.GenerateKey(rand.Reader, "chungtay-audit")
		if err != nil {
			return nil, nil, err
		}
		if err := os.WriteFile(path, []byte(skey+"\n"), 0o600); err != nil {
			return nil, nil, fmt.Errorf("audit key: %w", err)
		}
		b = []byte(skey)
	} else if err != nil {
		return nil, nil, fmt.Errorf("audit key: %w", err)
	}
	skey := strings.TrimSpace(string(b))
	signer, err := note.NewSigner(skey)
	if err != nil {
		return nil, nil, fmt.Errorf("audit key %s is damaged; put the copy from the backup in its place", path)
	}
	vkey, err := verifierKey(skey, signer.Name())
	if err != nil {
		return nil, nil, err
	}
	v, err := note.NewVerifier(vkey)
	return signer, v, err
}

// verifierKey derives the public half of a signing key written by note.GenerateKey.
func verifierKey(skey, name string) (string, error) {
	parts := strings.SplitN(skey, "+", 5)
	if len(parts) != 5 {
		return "", errors.New("audit key: unknown form")
	}
	raw, err := decode64(parts[4])
	if err != nil || len(raw) != 33 {
		return "", errors.New("audit key: unknown form")
	}
	pub := ed25519.NewKeyFromSeed(raw[1:]).Public().(ed25519.PublicKey)
	return note.NewEd25519VerifierKey(name, pub)
}

func recordHash(e Entry) tlog.Hash { return tlog.RecordHash(record(e)) }
