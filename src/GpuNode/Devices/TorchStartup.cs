using System.Globalization;

namespace LPZero.GpuNode.Devices;

/// <summary>What computes on this machine.</summary>
/// <param name="Library">libtorch with its version and where it comes from.</param>
/// <param name="Device">The device, and how many of its kind there are.</param>
/// <param name="Driver">NVIDIA's driver, if there is one.</param>
public sealed record TorchStartup(string Library, string Device, string? Driver)
{
    /// <summary>Loads the native libraries and looks for the device.</summary>
    /// <param name="device">What is to be computed with: <c>cpu</c>, or <c>cuda:N</c>.</param>
    /// <exception cref="TorchUnavailableException">The libraries do not load, or the device is not there.</exception>
    public static TorchStartup Check(string device)
    {
        var library = LibraryName(LibTorch.Load());
        var driver = NvidiaDriver.Version();
        var wanted = new Device(device);
        if (wanted.type != DeviceType.CUDA)
        {
            return new TorchStartup(library, device, driver);
        }

        if (driver is null)
        {
            throw new TorchUnavailableException(
                $"{device}: this machine has no NVIDIA driver ({NvidiaDriver.Folder} is missing): install it, " +
                "or compute with --devices cpu");
        }

        var devices = cuda.device_count();
        var count = devices.ToString(CultureInfo.InvariantCulture);
        return devices == 0
            ? throw new TorchUnavailableException(
                $"{device}: {library} sees no CUDA device, though the driver is there ({driver}): run ./lpzero setup --cuda, " +
                $"or name with {LibTorch.FolderVariable} the torch/lib of a PyTorch {LibTorch.NeededVersion} for CUDA")
            : wanted.index >= devices
                ? throw new TorchUnavailableException($"{device}: there are {count} CUDA devices, numbered from 0")
                : new TorchStartup(library, $"{device} of {count}", driver);
    }

    /// <summary>One line for logs.</summary>
    public override string ToString() => $"{Library}; device: {Device}; NVIDIA driver: {Driver ?? "none"}";

    private static string LibraryName(LibTorch libTorch)
    {
        using var probe = zeros(1);
        var blas = TorchBackend.Detect();
        var kernel = blas.Kernel is { } name ? $"{blas.Blas} {name}" : blas.Blas;
        return $"libtorch {libTorch.Version} ({libTorch.Source}{(libTorch.Patched ? ", version need weakened" : "")}), " +
            $"matrix products: {kernel}";
    }
}
