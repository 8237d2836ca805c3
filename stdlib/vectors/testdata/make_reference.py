"""Write the files of vectors that the tests read, with numpy and Hugging Face's safetensors:

    pip install numpy safetensors && python make_reference.py

Element (i, j) of every matrix is i + j/8 - 1, which float32 holds exactly.
"""

import numpy
from safetensors.numpy import save_file

vectors = (numpy.arange(5)[:, None] + numpy.arange(3)[None, :] / 8 - 1).astype(numpy.float32)
numpy.save("vectors.npy", vectors)
with open("version2.npy", "wb") as f:
    numpy.lib.format.write_array(f, vectors, version=(2, 0))
numpy.save("float64.npy", vectors.astype(numpy.float64))
numpy.save("fortran.npy", numpy.asfortranarray(vectors))
numpy.save("flat.npy", vectors[0])
save_file({"embeddings": vectors, "ids": numpy.arange(5)}, "vectors.safetensors", metadata={"made by": "numpy"})
save_file({"vectors": vectors, "other": vectors + 1}, "several.safetensors")
save_file({"a": vectors, "b": vectors + 1}, "ambiguous.safetensors")
save_file({"vectors": vectors.astype(numpy.float16)}, "half.safetensors")
