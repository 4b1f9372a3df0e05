using System.Security.Cryptography;

namespace LPZero.GpuNode.Devices;

/// <summary>
/// Copies of a shared library in which the need for one version of another library's symbols is marked weak, so that the loader only
/// notes its absence. TorchSharp's library asks for GLIBCXX_3.4.32 for the sake of a marker alone
/// (<c>_ZSt21ios_base_library_initv</c>), which nothing in it refers to; Debian 12 and Ubuntu 22.04 have no such version.
/// </summary>
internal static class WeakenedLibrary
{
    /// <summary>
    /// The copy of a library, kept in the user's cache folder under the digest of the original; made where it is missing.
    /// </summary>
    /// <param name="library">The library; it is not changed.</param>
    /// <param name="version">The version whose need is weakened.</param>
    /// <param name="folder">The cache folder, unless it is the user's.</param>
    /// <returns>The copy's path; its file name is the library's.</returns>
    /// <exception cref="InvalidDataException">Not an ELF library of 64 bits, no such need, or a relocation uses the version.</exception>
    /// <exception cref="IOException">The copy cannot be written.</exception>
    public static string Cached(string library, string version, string? folder = null)
    {
        var image = File.ReadAllBytes(library);
        var copy = Path.Combine(folder ?? CacheFolder(), Convert.ToHexStringLower(SHA256.HashData(image)), Path.GetFileName(library));
        if (!File.Exists(copy))
        {
            ElfVersionNeeds.Weaken(image, version);
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);

            // Another process may be at it: each writes its own file, and the last one to move it wins with the same bytes.
            var temporary = $"{copy}.{Guid.NewGuid():N}";
            File.WriteAllBytes(temporary, image);
            File.Move(temporary, copy, overwrite: true);
        }

        return copy;
    }

    private static string CacheFolder() => Path.Combine(
        Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } cache
            ? cache
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache"),
        "lpzero");
}
