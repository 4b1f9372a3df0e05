using LPZero.Torch.Runtime;

namespace LPZero.Torch.Tests;

public class TorchBackendTests
{
    [Fact]
    public void The_backend_names_the_library_that_multiplies_matrices_and_warns_of_the_reference_one()
    {
        Assert.Matches(@"^\d+\.\d+\.\d+", __version__);

        var backend = TorchBackend.Detect();

        Assert.NotEmpty(backend.Blas);
        if (backend.Blas == "reference BLAS")
            Assert.Contains("apt install libopenblas0-pthread", backend.Warning, StringComparison.Ordinal);
        else
            Assert.Null(backend.Warning);
        if (backend.Blas.StartsWith("OpenBLAS", StringComparison.Ordinal))
            Assert.False(string.IsNullOrEmpty(backend.Kernel));
    }
}
