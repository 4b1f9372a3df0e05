using LPZero.GpuNode.Models;

namespace LPZero.GpuNode.Spaces.FlexiBert;

/// <summary>
/// Scaled dot-product self-attention (Vaswani et al. 2017), and its weighted multiplicative form, in which the
/// query passes through one more matrix.
/// </summary>
internal static class SelfAttention
{
    public static MixingOutput Forward(LayerWeights weights, Tensor input)
    {
        var head = weights.Linear("mixing.query", input);
        var query = weights.Layer.Operation == MixingOperation.WeightedMultiplicative ? weights.Linear("mixing.weight", head) : head;
        var (key, value) = (weights.Linear("mixing.key", input), weights.Linear("mixing.value", input));
        var (context, probabilities) = Attend(weights, query, key, value, weights.Layer.Heads);
        return new MixingOutput(
            context, head, probabilities, ReferenceEquals(head, query) ? [head, key, value] : [head, query, key, value]);
    }

    /// <summary>softmax(Q Kᵀ / √size) V for each head; in training mode some of the probabilities are dropped before the product.</summary>
    /// <returns>The context [B, T, width] and the probabilities, all of them, [B, heads, T, T].</returns>
    public static (Tensor Context, Tensor Probabilities) Attend(
        LayerWeights weights, Tensor query, Tensor key, Tensor value, int heads)
    {
        var size = query.shape[2] / heads;
        var scores = CheckedCalls.Product(Heads.Split(query, heads), Heads.Split(key, heads).transpose(-1, -2)).Over(Math.Sqrt(size));
        var probabilities = nn.functional.softmax(scores, -1);
        return (Heads.Join(CheckedCalls.Product(weights.Dropout("attention", probabilities), Heads.Split(value, heads))), probabilities);
    }
}
