using System.Globalization;
using LPZero.Torch.Runtime;

namespace LPZero.GpuNode;

/// <summary>libtorch or a device cannot be used; the message says why and how to mend it.</summary>
public sealed class TorchUnavailableException(string message, Exception? cause = null) : Exception(message, cause);

/// <summary>What computes on this machine.</summary>
/// <param name="Library">libtorch with its version and where it comes from.</param>
/// <param name="Device">The device, and how many of its kind there are.</param>
/// <param name="Driver">NVIDIA's driver, if there is one.</param>
public sealed record TorchStartup(string Library, string Device, string? Driver)
{
#if TORCHSHARP
    private const string Source = "TorchSharp";
    private const string Mend = "it comes with the packages TorchSharp-cpu or TorchSharp-cuda-linux and needs libgomp1 (apt install libgomp1); "
        + "run ./lpzero setup, or start the program from the folder that ./lpzero publish makes";
#else
    private const string Source = "the system's";
    private const string Mend = "run ./lpzero setup, which installs libtorch-dev and builds the library that calls it";
#endif

    /// <summary>Loads the native libraries and looks for the device.</summary>
    /// <param name="device">What is to be computed with: <c>cpu</c>, or <c>cuda:N</c>.</param>
    /// <exception cref="TorchUnavailableException">The libraries do not load, or the device is not there.</exception>
    public static TorchStartup Check(string device)
    {
        var library = Load(LibraryName);
        var driver = NvidiaDriver.Version();
        var wanted = new Device(device);
        if (wanted.type != DeviceType.CUDA)
        {
            return new TorchStartup(library, device, driver);
        }

        if (driver is null)
        {
            throw new TorchUnavailableException($"{device}: this machine has no NVIDIA driver ({NvidiaDriver.Folder} is missing): install it, or compute with --devices cpu");
        }

        var devices = Load(cuda.device_count);
        var count = devices.ToString(CultureInfo.InvariantCulture);
        return devices == 0
            ? throw new TorchUnavailableException($"{device}: {library} sees no CUDA device, though the driver is there ({driver}): run ./lpzero setup, which then takes TorchSharp-cuda-linux")
            : wanted.index >= devices
                ? throw new TorchUnavailableException($"{device}: there are {count} CUDA devices, numbered from 0")
                : new TorchStartup(library, $"{device} of {count}", driver);
    }

    /// <summary>One line for logs.</summary>
    public override string ToString() => $"{Library}; device: {Device}; NVIDIA driver: {Driver ?? "none"}";

    private static string LibraryName()
    {
        using var probe = zeros(1);
        var blas = TorchBackend.Detect();
        var kernel = blas.Kernel is { } name ? $"{blas.Blas} {name}" : blas.Blas;
        return $"libtorch {__version__} ({Source}), matrix products: {kernel}";
    }

    private static T Load<T>(Func<T> call)
    {
        try
        {
            return call();
        }
        catch (Exception problem) when (problem is DllNotFoundException or TypeInitializationException or NotSupportedException or BadImageFormatException or EntryPointNotFoundException)
        {
            var reason = (problem is TypeInitializationException { InnerException: { } inner } ? inner : problem).Message.ReplaceLineEndings(" ");
            throw new TorchUnavailableException($"libtorch cannot be loaded: {Mend} (the loader says: {reason})", problem);
        }
    }
}
