namespace LPZero.Torch;

public static partial class torch
{
    /// <summary>Where a tensor is or will be.</summary>
    public sealed class Device
    {
        /// <summary>The kind of device.</summary>
        public DeviceType type { get; }

        /// <summary>Which one of its kind; -1 stands for the current one.</summary>
        public int index { get; } = -1;

        /// <summary>A device by its name: 'cpu', 'cuda' or 'cuda:0'.</summary>
        /// <exception cref="ArgumentException">There is no such kind of device.</exception>
        public Device(string description)
        {
            var parts = description.Split(':');
            type = Enum.Parse<DeviceType>(parts[0], ignoreCase: true);
            if (parts.Length == 2)
                index = int.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture);
        }

        /// <summary>A device by its kind and number.</summary>
        public Device(DeviceType deviceType, int index = -1)
        {
            type = deviceType;
            this.index = index;
        }

        /// <summary>The name, in the form that the constructor reads.</summary>
        public override string ToString() =>
            type == DeviceType.CPU ? "cpu" : index < 0 ? "cuda" : $"cuda:{index}";

        /// <summary>A device by its name.</summary>
        public static implicit operator Device(string description) => new(description);
    }

    /// <summary>Main memory.</summary>
    public static readonly Device CPU = new(DeviceType.CPU);

    /// <summary>The current graphics processor.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public static Device CUDA => device(DeviceType.CUDA);

    /// <summary>A device by its name.</summary>
    /// <exception cref="InvalidOperationException">It is not available on this machine.</exception>
    public static Device device(string description) => InitializeDevice(new Device(description));

    /// <summary>A device by its kind and number.</summary>
    /// <exception cref="InvalidOperationException">It is not available on this machine.</exception>
    public static Device device(DeviceType deviceType, int index = -1) => InitializeDevice(new Device(deviceType, index));

    /// <summary>The device, or the CPU for none, after a check that this machine has it.</summary>
    /// <exception cref="InvalidOperationException">It is not available on this machine.</exception>
    public static Device InitializeDevice(Device? device)
    {
        if (device?.type == DeviceType.CUDA && !cuda.is_available())
            throw new InvalidOperationException("Torch device type CUDA is not available on this machine.");
        return device ?? CPU;
    }

    /// <summary>Graphics processors.</summary>
    public static class cuda
    {
        /// <summary>Whether this machine and this libtorch have one.</summary>
        public static bool is_available() => device_count() > 0;

        /// <summary>How many there are.</summary>
        public static int device_count()
        {
            Native.Check(Native.torch_cuda_device_count(out var count));
            return count;
        }

        /// <summary>Waits until the device (the current one for none) has done everything it was given.</summary>
        public static void synchronize(Device? device = null) => Native.Check(Native.torch_cuda_synchronize(device?.index ?? -1));
    }
}
