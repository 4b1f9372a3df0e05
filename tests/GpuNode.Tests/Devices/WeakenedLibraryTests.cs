using LPZero.GpuNode.Devices;

namespace LPZero.GpuNode.Tests.Devices;

public sealed class WeakenedLibraryTests : IDisposable
{
    private const string Version = "GLIBCXX_3.4.32";

    private readonly string folder = Directory.CreateTempSubdirectory("lpzero-weakened-").FullName;

    private static string TorchSharpLibrary =>
        Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native", "libLibTorchSharp.so");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void The_copy_differs_in_the_one_flag_and_the_original_is_left_alone()
    {
        var original = File.ReadAllBytes(TorchSharpLibrary);
        var copy = File.ReadAllBytes(WeakenedLibrary.Cached(TorchSharpLibrary, Version, folder));
        Assert.Equal(original.Length, copy.Length);
        var different = Enumerable.Range(0, original.Length).Where(i => original[i] != copy[i]).ToList();
        Assert.Equal((0, 2), (original[Assert.Single(different)], copy[different[0]]));
        Assert.Equal(original, File.ReadAllBytes(TorchSharpLibrary));
    }

    [Fact]
    public void A_copy_is_made_once_and_lies_under_the_digest_of_its_original()
    {
        var copy = WeakenedLibrary.Cached(TorchSharpLibrary, Version, folder);
        File.WriteAllText(copy, "made before");
        Assert.Equal(copy, WeakenedLibrary.Cached(TorchSharpLibrary, Version, folder));
        Assert.Equal("made before", File.ReadAllText(copy));
        Assert.Equal(64, Path.GetFileName(Path.GetDirectoryName(copy)!).Length);
        Assert.Single(Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public void A_version_that_a_relocation_uses_is_not_weakened()
    {
        // The library calls functions of this version, so that it would fail later, in the middle of a computation.
        var image = File.ReadAllBytes(TorchSharpLibrary);
        var refused = Assert.Throws<InvalidDataException>(() => ElfVersionNeeds.Weaken(image, "GLIBCXX_3.4"));
        Assert.StartsWith("a relocation uses GLIBCXX_3.4 (symbol ", refused.Message, StringComparison.Ordinal);
        Assert.Equal(File.ReadAllBytes(TorchSharpLibrary), image);
    }

    [Fact]
    public void What_is_not_such_a_library_is_refused_and_left_as_it_was()
    {
        var whole = File.ReadAllBytes(TorchSharpLibrary);
        Assert.Equal("there is no need for GLIBCXX_9", Refusal(whole, "GLIBCXX_9"));
        Assert.Equal("not an ELF library of 64 bits", Refusal([1, 2, 3], Version));
        foreach (var length in new[] { 6, 60, 4096, whole.Length / 2 })
        {
            Assert.Equal("the file is cut off or not an ELF library", Refusal(whole[..length], Version));
        }

        static string Refusal(byte[] image, string version)
        {
            var before = image.ToArray();
            var refused = Assert.Throws<InvalidDataException>(() => ElfVersionNeeds.Weaken(image, version));
            Assert.Equal(before, image);
            return refused.Message;
        }
    }
}
