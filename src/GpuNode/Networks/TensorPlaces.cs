namespace LPZero.GpuNode.Networks;

/// <summary>Moves what is drawn on the CPU to where a network is; there already, it stays the tensor that it is.</summary>
internal static class TensorPlaces
{
    public static Tensor MovedTo(this Tensor tensor, Device device) => device.type == DeviceType.CPU ? tensor : tensor.to(device);

    public static Dictionary<string, Tensor> MovedTo(this Dictionary<string, Tensor> weights, Device device) =>
        device.type == DeviceType.CPU
            ? weights
            : weights.ToDictionary(weight => weight.Key, weight => weight.Value.to(device), StringComparer.Ordinal);
}
