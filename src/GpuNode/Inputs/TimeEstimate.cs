namespace LPZero.GpuNode.Inputs;

/// <summary>
/// What the passes over a mini-batch take of time, as far as a network's shapes tell: floating-point operations, 2 for each multiply-add
/// of a product, and weights to draw. How many a second there are is up to the device.
/// </summary>
/// <param name="Forward">Operations of a forward pass over the layers.</param>
/// <param name="Loss">Operations of the loss on top of it, which runs where gradients are wanted.</param>
/// <param name="Drawn">Weights that are drawn for both; rows of the embedding count nothing.</param>
public sealed record TimeEstimate(double Forward, double Loss, long Drawn)
{
    /// <summary>
    /// Operations of a forward and a backward pass. For each product of the layers backward has one for the gradient of the states and one
    /// for that of the weights; for each of the loss, whose weights have no gradient, the first alone. An upper bound where W and G hold
    /// the mixing operation's weights alone.
    /// </summary>
    public double WithGradients => (3 * Forward) + (2 * Loss);
}
