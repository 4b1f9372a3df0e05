using LPZero.GpuNode.Devices;

namespace LPZero.GpuNode.Tests.Devices;

public sealed class LibTorchTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("lpzero-libtorch-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void What_was_loaded_is_the_version_that_TorchSharp_is_made_for()
    {
        var loaded = LibTorch.Load();
        Assert.StartsWith(LibTorch.NeededVersion, loaded.Version, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(loaded.Folder, "libtorch_cpu.so")));
        Assert.Same(loaded, LibTorch.Load());
    }

    [Fact]
    public void TorchSharp_computes_with_what_was_loaded()
    {
        LibTorch.Load();
        using var three = ones(3);
        using var sum = three.sum();
        Assert.Equal(3, sum.item<float>());
        // Left to itself, TorchSharp gathers a copy of everything in a folder of its own.
        Assert.False(Directory.Exists(Path.Combine(AppContext.BaseDirectory, "bin")));
    }

    [Theory]
    [InlineData("__version__ = '2.10.0+cu128'\ndebug = False\n", "2.10.0+cu128")]
    [InlineData("from typing import Optional\n__version__ = \"1.13.1\"\n", "1.13.1")]
    [InlineData("debug = False\n", null)]
    public void The_version_is_that_of_the_PyTorch_around_it(string file, string? version)
    {
        var libraries = Directory.CreateDirectory(Path.Combine(folder, "lib")).FullName;
        File.WriteAllText(Path.Combine(folder, "version.py"), file);
        Assert.Equal(version, LibTorch.VersionOf(libraries));
    }

    [Theory]
    [InlineData("2.10.0+cu128", false, true)]
    [InlineData("2.1.0", false, false)]
    [InlineData("2.11.0+cu130", false, false)]
    [InlineData("2.11.0+cu130", true, true)]
    [InlineData(null, false, false)]
    [InlineData(null, true, true)]
    public void Another_version_is_refused_unless_any_is_accepted(string? version, bool any, bool accepted)
    {
        var refused = Record.Exception(() => LibTorch.CheckVersion("lib", version, any));
        Assert.Equal(accepted, refused is null);
        Assert.True(accepted || refused is TorchUnavailableException
            && refused.Message.Contains(LibTorch.AnyVersionVariable, StringComparison.Ordinal));
    }
}
