using System.Globalization;
using System.Runtime.InteropServices;

namespace LPZero.GpuNode.Devices;

/// <summary>
/// The library that does libtorch's matrix products in this process. The reference BLAS is about 30 times slower than
/// OpenBLAS, and nothing but the time shows which one is there.
/// </summary>
/// <param name="Blas">Name and version, such as 'OpenBLAS 0.3.21', 'MKL 2024.2', 'reference BLAS', or 'built into libtorch'.</param>
/// <param name="Kernel">The processor that the chosen kernels are made for, such as 'Zen', or MKL's number for its branch; null where the
/// library does not say.</param>
/// <param name="Warning">What to tell the user and how to mend it; null where nothing is wrong.</param>
public sealed record TorchBackend(string Blas, string? Kernel, string? Warning)
{
    /// <summary>Finds the library whose code contains the single-precision matrix product.</summary>
    /// <exception cref="InvalidOperationException">libtorch is not loaded: call something of torch before.</exception>
    /// <exception cref="PlatformNotSupportedException">The system is not Linux.</exception>
    public static TorchBackend Detect()
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new PlatformNotSupportedException("The loaded libraries are looked up in /proc, which Linux has.");
        }

        var mappings = Mapping.OfThisProcess();
        var torch = mappings.Find(mapping => mapping.Name.StartsWith("libtorch_cpu.so", StringComparison.Ordinal))
            ?? throw new InvalidOperationException("libtorch is not loaded yet.");
        var file = ProductLibrary(mappings, torch);
        if (file == torch.File)
        {
            return BuiltIn(file);
        }

        if (Text(file, "openblas_get_config") is { } configuration)
        {
            // 'OpenBLAS 0.3.21 NO_LAPACKE DYNAMIC_ARCH ...'
            var words = configuration.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            return new TorchBackend(string.Join(' ', words.Take(2)), Text(file, "openblas_get_corename"), null);
        }

        return Path.GetFileName(file).StartsWith("libblas.so", StringComparison.Ordinal)
            ? new TorchBackend(
                "reference BLAS",
                null,
                $"libtorch multiplies matrices with the reference BLAS ({file}), about 30 times slower than OpenBLAS. "
                + "Mend it with: apt install libopenblas0-pthread")
            : new TorchBackend(Path.GetFileName(file), null, null);
    }

    // MKL, which libtorch for x64 contains, chooses its code by the processor's maker as well as by its instructions; square roots come
    // from it, too.
    private static unsafe TorchBackend BuiltIn(string file)
    {
        const int Length = 200;
        return WithExport(file, "MKL_Get_Version_String", version => WithExport(file, "mkl_serv_cbwr_get_auto_branch", branch =>
        {
            var text = stackalloc byte[Length + 1];
            text[Length] = 0;
            ((delegate* unmanaged<byte*, int, void>)version)(text, Length);

            // 'Intel(R) oneAPI Math Kernel Library Version 2024.2-Product Build ...'
            var words = Marshal.PtrToStringUTF8((nint)text)!.Split([' ', '-'], StringSplitOptions.RemoveEmptyEntries);
            var number = words.SkipWhile(word => word != "Version").ElementAtOrDefault(1);
            var chosen = ((delegate* unmanaged<int>)branch)().ToString(CultureInfo.InvariantCulture);
            return new TorchBackend($"MKL {number}", $"branch {chosen}", null);
        })) ?? new TorchBackend("built into libtorch", null, null);
    }

    // Asking libtorch's own scope finds the product that it is linked with, through whatever stands in between.
    private static string ProductLibrary(List<Mapping> mappings, Mapping torch)
    {
        var library = NativeLibrary.Load(torch.File);
        try
        {
            return NativeLibrary.TryGetExport(library, "sgemm_", out var product)
                ? mappings.Find(mapping => mapping.Contains(product))?.File ?? torch.File
                : torch.File;
        }
        finally
        {
            NativeLibrary.Free(library);
        }
    }

    private static unsafe string? Text(string file, string function) =>
        WithExport(file, function, address => Marshal.PtrToStringUTF8((nint)((delegate* unmanaged<byte*>)address)()));

    private static T? WithExport<T>(string file, string function, Func<nint, T?> use)
        where T : class
    {
        var library = NativeLibrary.Load(file);
        try
        {
            return NativeLibrary.TryGetExport(library, function, out var address) ? use(address) : null;
        }
        finally
        {
            NativeLibrary.Free(library);
        }
    }

    // A line of /proc/self/maps: 'start-end permissions offset device inode file'.
    private sealed record Mapping(ulong Start, ulong End, string File)
    {
        public string Name => Path.GetFileName(File);

        public bool Contains(nint address) => (ulong)address >= Start && (ulong)address < End;

        public static List<Mapping> OfThisProcess()
        {
            var mappings = new List<Mapping>();
            foreach (var line in System.IO.File.ReadLines("/proc/self/maps"))
            {
                var fields = line.Split(' ', 6, StringSplitOptions.RemoveEmptyEntries);
                if (fields.Length < 6 || fields[5][0] != '/')
                {
                    continue;
                }

                var range = fields[0].Split('-');
                mappings.Add(new Mapping(Hexadecimal(range[0]), Hexadecimal(range[1]), fields[5]));
            }

            return mappings;
        }

        private static ulong Hexadecimal(string text) => ulong.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
    }
}
