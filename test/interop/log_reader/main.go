// Reads and makes logs with other people's libraries: golang.org/x/mod/sumdb (note, tlog) and transparency-dev (formats,
// merkle). One order a line in JSON, one answer a line.
package main

import (
	"bufio"
	"crypto/rand"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	flog "github.com/transparency-dev/formats/log"
	fnote "github.com/transparency-dev/formats/note"
	fproof "github.com/transparency-dev/formats/proof"
	"github.com/transparency-dev/formats/witness"
	"github.com/transparency-dev/merkle/proof"
	"github.com/transparency-dev/merkle/rfc6962"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type order struct {
	Do      string
	Note    []byte
	Policy  []byte
	File    []byte
	Vkeys   []string
	Origin  string
	Dir     string
	Size    int64
	OldSize int64
	Index   int64
	Root    []byte
	OldRoot []byte
	Leaf    []byte
	Hashes  [][]byte
}

type answer struct {
	Error     string   `json:"error,omitempty"`
	Text      string   `json:"text,omitempty"`
	Verified  []string `json:"verified,omitempty"`
	Others    int      `json:"others,omitempty"`
	Origin    string   `json:"origin,omitempty"`
	Size      uint64   `json:"size,omitempty"`
	Root      []byte   `json:"root,omitempty"`
	Hashes    [][]byte `json:"hashes,omitempty"`
	Vkeys     []string `json:"vkeys,omitempty"`
	Satisfied bool     `json:"satisfied,omitempty"`
	File      []byte   `json:"file,omitempty"`
}

func verifiersOf(vkeys []string) ([]note.Verifier, error) {
	var all []note.Verifier
	for _, vkey := range vkeys {
		v, err := note.NewVerifier(vkey)
		if err != nil {
			v, err = fnote.NewVerifierForCosignatureV1(vkey)
		}
		if err != nil {
			return nil, err
		}
		all = append(all, v)
	}
	return all, nil
}

func readNote(o order) (answer, error) {
	verifiers, err := verifiersOf(o.Vkeys)
	if err != nil {
		return answer{}, err
	}
	n, err := note.Open(o.Note, note.VerifierList(verifiers...))
	if err != nil {
		return answer{}, err
	}
	a := answer{Text: n.Text, Others: len(n.UnverifiedSigs)}
	for _, s := range n.Sigs {
		a.Verified = append(a.Verified, fmt.Sprintf("%s+%08x", s.Name, s.Hash))
	}
	return a, nil
}

func readCheckpoint(o order) (answer, error) {
	verifiers, err := verifiersOf(o.Vkeys)
	if err != nil {
		return answer{}, err
	}
	cp, _, n, err := flog.ParseCheckpoint(o.Note, o.Origin, verifiers[0], verifiers[1:]...)
	if err != nil {
		return answer{}, err
	}
	return answer{Origin: cp.Origin, Size: cp.Size, Root: cp.Hash, Others: len(n.UnverifiedSigs), Verified: make([]string, len(n.Sigs))}, nil
}

// The tiles of a folder, whose paths do not say the height.
type folder string

func (d folder) pathOf(t tlog.Tile) string {
	return filepath.Join(string(d), strings.Replace(t.Path(), "tile/8/", "tile/", 1))
}

func (d folder) Height() int { return 8 }

func (d folder) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var all [][]byte
	for _, t := range tiles {
		data, err := os.ReadFile(d.pathOf(t))
		if err != nil {
			return nil, err
		}
		all = append(all, data)
	}
	return all, nil
}

func (d folder) SaveTiles([]tlog.Tile, [][]byte) {}

func hashOf(b []byte) (h tlog.Hash) {
	copy(h[:], b)
	return h
}

func plain(hashes []tlog.Hash) [][]byte {
	all := [][]byte{}
	for _, h := range hashes {
		all = append(all, append([]byte{}, h[:]...))
	}
	return all
}

func treeOf(o order) tlog.HashReader {
	return tlog.TileHashReader(tlog.Tree{N: o.Size, Hash: hashOf(o.Root)}, folder(o.Dir))
}

func proveRecord(o order) (answer, error) {
	p, err := tlog.ProveRecord(o.Size, o.Index, treeOf(o))
	return answer{Hashes: plain(p)}, err
}

func proveTree(o order) (answer, error) {
	p, err := tlog.ProveTree(o.Size, o.OldSize, treeOf(o))
	return answer{Hashes: plain(p)}, err
}

func checkRecord(o order) (answer, error) {
	var p tlog.RecordProof
	for _, h := range o.Hashes {
		p = append(p, hashOf(h))
	}
	if err := tlog.CheckRecord(p, o.Size, hashOf(o.Root), o.Index, hashOf(o.Leaf)); err != nil {
		return answer{}, err
	}
	return answer{}, proof.VerifyInclusion(rfc6962.DefaultHasher, uint64(o.Index), uint64(o.Size), o.Leaf, o.Hashes, o.Root)
}

func checkTree(o order) (answer, error) {
	var p tlog.TreeProof
	for _, h := range o.Hashes {
		p = append(p, hashOf(h))
	}
	if err := tlog.CheckTree(p, o.Size, hashOf(o.Root), o.OldSize, hashOf(o.OldRoot)); err != nil {
		return answer{}, err
	}
	return answer{}, proof.VerifyConsistency(rfc6962.DefaultHasher, uint64(o.OldSize), uint64(o.Size), o.Hashes, o.OldRoot, o.Root)
}

func readProof(o order) (answer, error) {
	var p fproof.TLogProof
	if err := p.Unmarshal(o.File); err != nil {
		return answer{}, err
	}
	o.Note = p.Checkpoint
	cp, err := readCheckpoint(o)
	if err != nil {
		return answer{}, err
	}
	o.Index, o.Size, o.Root = int64(p.Index), int64(cp.Size), cp.Root
	for _, h := range p.Hashes {
		o.Hashes = append(o.Hashes, append([]byte{}, h[:]...))
	}
	if _, err := checkRecord(o); err != nil {
		return answer{}, err
	}
	return answer{Size: cp.Size, Text: string(p.ExtraData), Others: cp.Others, Verified: cp.Verified}, nil
}

func checkPolicy(o order) (answer, error) {
	group, err := witness.ParsePolicy(o.Policy)
	if err != nil {
		return answer{}, err
	}
	return answer{Satisfied: group.Satisfied(o.Note)}, nil
}

type stored []tlog.Hash

func (s stored) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	var all []tlog.Hash
	for _, i := range indexes {
		all = append(all, s[i])
	}
	return all, nil
}

func entryOf(i int64) []byte { return []byte(fmt.Sprintf("entry %d", i)) }

func writeFile(path string, data []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return os.WriteFile(path, data, 0o644)
}

func growTree(size int64) (stored, error) {
	var hashes stored
	for i := int64(0); i < size; i++ {
		more, err := tlog.StoredHashes(i, entryOf(i), hashes)
		if err != nil {
			return nil, err
		}
		hashes = append(hashes, more...)
	}
	return hashes, nil
}

func writeTiles(o order, hashes stored) error {
	for _, t := range tlog.NewTiles(8, 0, o.Size) {
		data, err := tlog.ReadTileData(t, hashes)
		if err != nil {
			return err
		}
		if err := writeFile(folder(o.Dir).pathOf(t), data); err != nil {
			return err
		}
		if t.L != 0 {
			continue
		}
		var bundle []byte
		for i := t.N * 256; i < t.N*256+int64(t.W); i++ {
			bundle = append(binary.BigEndian.AppendUint16(bundle, uint16(len(entryOf(i)))), entryOf(i)...)
		}
		path := strings.Replace(folder(o.Dir).pathOf(t), "tile/0/", "tile/entries/", 1)
		if err := writeFile(path, bundle); err != nil {
			return err
		}
	}
	return nil
}

// A log's key, a witness's of each algorithm: what signs, and what others verify by.
func makeSigners(origin string) ([]note.Signer, []string, error) {
	skey, vkey, err := note.GenerateKey(rand.Reader, origin)
	if err != nil {
		return nil, nil, err
	}
	log, err := note.NewSigner(skey)
	if err != nil {
		return nil, nil, err
	}
	wkey, wvkey, err := note.GenerateKey(rand.Reader, "w1.example")
	if err != nil {
		return nil, nil, err
	}
	w1, err := fnote.NewSignerForCosignatureV1(wkey)
	if err != nil {
		return nil, nil, err
	}
	w1vkey, err := fnote.VKeyToCosignatureV1(wvkey)
	if err != nil {
		return nil, nil, err
	}
	pkey, w2vkey, err := fnote.GenerateMLDSAKey("w2.example")
	if err != nil {
		return nil, nil, err
	}
	w2, err := fnote.NewSignerForCosignatureV1(pkey)
	return []note.Signer{log, w1, w2}, []string{vkey, w1vkey, w2vkey}, err
}

func makeLog(o order) (answer, error) {
	hashes, err := growTree(o.Size)
	if err != nil {
		return answer{}, err
	}
	if err := writeTiles(o, hashes); err != nil {
		return answer{}, err
	}
	root, err := tlog.TreeHash(o.Size, hashes)
	if err != nil {
		return answer{}, err
	}
	signers, vkeys, err := makeSigners(o.Origin)
	if err != nil {
		return answer{}, err
	}
	text := flog.Checkpoint{Origin: o.Origin, Size: uint64(o.Size), Hash: root[:]}.Marshal()
	signed, err := note.Sign(&note.Note{Text: string(text)}, signers...)
	if err != nil {
		return answer{}, err
	}
	path, err := tlog.ProveRecord(o.Size, o.Index, hashes)
	if err != nil {
		return answer{}, err
	}
	file := fproof.TLogProof{Index: uint64(o.Index), Checkpoint: signed, ExtraData: []byte("extra")}
	for _, h := range path {
		file.Hashes = append(file.Hashes, h)
	}
	return answer{Vkeys: vkeys, Root: root[:], File: file.Marshal()}, writeFile(filepath.Join(o.Dir, "checkpoint"), signed)
}

var orders = map[string]func(order) (answer, error){
	"note": readNote, "checkpoint": readCheckpoint, "proveRecord": proveRecord, "proveTree": proveTree, "checkRecord": checkRecord,
	"checkTree": checkTree, "proof": readProof, "policy": checkPolicy, "make": makeLog,
}

func main() {
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(make([]byte, 1<<20), 1<<24)
	for in.Scan() {
		var o order
		a, err := answer{}, json.Unmarshal(in.Bytes(), &o)
		if err == nil {
			a, err = orders[o.Do](o)
		}
		if err != nil {
			a = answer{Error: err.Error()}
		}
		line, _ := json.Marshal(a)
		fmt.Println(string(line))
	}
}
